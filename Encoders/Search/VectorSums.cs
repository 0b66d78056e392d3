using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Every vector of weights weighed against every entry of a table, once. With scale s the error of entry g is Σwx² + s(P + sQ), P = -2Σwxg and Q = Σwg²: what is left to do
/// for a scale is one pass over the table, for four scales at once. With a zero point z, Q is Σwg² - 2zΣwg and the rest does not depend on the entry; where a sign must be
/// wrong, P is another.
/// </summary>
internal sealed unsafe class VectorSums : IDisposable
{
    private const int Width = GroupLanes.Width;

    private readonly SearchPlan _plan;
    private readonly GroupLanes _groups;
    private readonly VectorTable _table;
    private readonly NativeBuffer _sums;
    private readonly ThirdSum _third;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="groups">The weights.</param>
    public VectorSums(SearchPlan plan, GroupLanes groups)
    {
        _plan = plan;
        _groups = groups;
        _table = new VectorTable(plan.Codes);
        _third = plan.Zero is not null ? ThirdSum.Numbers : plan.Codes.SignParity >= 0 ? ThirdSum.Flipped : ThirdSum.None;
        PerGroup = plan.GroupInputs / plan.Codes.Length;
        _sums = new NativeBuffer(3L * groups.Vectors * Width * PerGroup * _table.Stride * sizeof(float));
    }

    /// <summary>Vectors of a group.</summary>
    public int PerGroup { get; }

    /// <summary>Inputs of a vector.</summary>
    public int Length => _table.Length;

    /// <summary>The largest magnitude of the table.</summary>
    public float Largest => _table.Largest;

    /// <summary>Whether minus signs are even in number.</summary>
    public bool HasParity => _third == ThirdSum.Flipped;

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        _sums.Dispose();
    }

    /// <summary>Weighs a group's vectors. With signs apart, magnitudes are weighed.</summary>
    /// <param name="lane">The group.</param>
    public void Weigh(int lane)
    {
        float* w = stackalloc float[Length];
        float* wx = stackalloc float[Length];
        for (int c = 0; c < PerGroup; c++)
        {
            long at = At(lane, c);
            for (int j = 0; j < Length; j++, at += Width)
            {
                w[j] = _groups.W[at];
                wx[j] = w[j] * (_plan.Signs is null ? _groups.X[at] : Math.Abs(_groups.X[at]));
            }

            _table.Weigh(wx, w, Sums(lane, c, 0), Sums(lane, c, 1), Sums(lane, c, 2), _third);
        }
    }

    /// <summary>The least P + sQ of a vector for each of four scales.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="scales">The scales s.</param>
    /// <param name="zero">The zero point.</param>
    /// <param name="flipped">Whether a sign is wrong.</param>
    /// <returns>The least.</returns>
    public Vector128<float> Least(int lane, int vector, Vector128<float> scales, float zero, bool flipped)
    {
        float* products = Sums(lane, vector, flipped ? 2 : 0);
        float* squares = Sums(lane, vector, 1);
        float* numbers = Sums(lane, vector, 2);
        Vector256<float> s0 = Vector256.Create(scales[0]), s1 = Vector256.Create(scales[1]), s2 = Vector256.Create(scales[2]), s3 = Vector256.Create(scales[3]);
        Vector256<float> a = Vector256.Create(float.PositiveInfinity), b = a, c = a, d = a, z = Vector256.Create(zero);
        for (int q = 0; q < _table.Stride; q += Width)
        {
            Vector256<float> p = Vector256.Load(products + q), square = Vector256.Load(squares + q);
            square = zero == 0 ? square : Vector256.FusedMultiplyAdd(z, Vector256.Load(numbers + q), square);
            a = Vector256.MinNative(a, Vector256.FusedMultiplyAdd(s0, square, p));
            b = Vector256.MinNative(b, Vector256.FusedMultiplyAdd(s1, square, p));
            c = Vector256.MinNative(c, Vector256.FusedMultiplyAdd(s2, square, p));
            d = Vector256.MinNative(d, Vector256.FusedMultiplyAdd(s3, square, p));
        }

        return Vector128.Create(LeastLane(a), LeastLane(b), LeastLane(c), LeastLane(d));
    }

    /// <summary>The first entry of least error.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="scale">The scale s.</param>
    /// <param name="zero">The zero point.</param>
    /// <param name="flipped">Whether a sign is wrong.</param>
    /// <returns>The entry.</returns>
    public int Entry(int lane, int vector, float scale, float zero, bool flipped)
    {
        float* products = Sums(lane, vector, flipped ? 2 : 0);
        float* squares = Sums(lane, vector, 1);
        float* numbers = Sums(lane, vector, 2);
        Vector256<float> s = Vector256.Create(scale), z = Vector256.Create(zero), least = Vector256.Create(float.PositiveInfinity);
        Vector256<int> found = Vector256<int>.Zero, at = Vector256<int>.Indices, eight = Vector256.Create(Width);
        for (int q = 0; q < _table.Stride; q += Width, at += eight)
        {
            Vector256<float> square = Vector256.Load(squares + q);
            square = zero == 0 ? square : Vector256.FusedMultiplyAdd(z, Vector256.Load(numbers + q), square);
            Vector256<float> value = Vector256.FusedMultiplyAdd(s, square, Vector256.Load(products + q)), better = Vector256.LessThan(value, least);
            least = Vector256.MinNative(value, least);
            found = Vector256.ConditionalSelect(better.AsInt32(), at, found);
        }

        // Entries that pad the table are copies of the first one, which is before them.
        float smallest = LeastLane(least);
        Vector256<int> first = Vector256.ConditionalSelect(Vector256.Equals(least, Vector256.Create(smallest)).AsInt32(), found, Vector256.Create(int.MaxValue));
        Vector128<int> four = Vector128.Min(first.GetLower(), first.GetUpper());
        int entry = Math.Min(Math.Min(four[0], four[1]), Math.Min(four[2], four[3]));
        return entry < _table.Entries ? entry : 0;
    }

    /// <summary>Σwxg and Σwg² of an entry, the zero point or the wrong sign included.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="zero">The zero point.</param>
    /// <param name="flipped">Whether a sign is wrong.</param>
    /// <returns>The sums.</returns>
    public (double Products, double Squares) Of(int lane, int vector, int entry, float zero, bool flipped)
    {
        float products = Sums(lane, vector, flipped ? 2 : 0)[entry] / -2, squares = Sums(lane, vector, 1)[entry];
        if (zero == 0)
        {
            return (products, squares);
        }

        (float w, float wx) = Totals(lane, vector);
        return (products - (zero * wx), squares + (zero * zero * w) + (zero * Sums(lane, vector, 2)[entry]));
    }

    /// <summary>What a zero point z adds to P + sQ whatever the entry: z²sΣw + 2zΣwx.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="scales">The scales s.</param>
    /// <param name="zero">The zero point z.</param>
    /// <returns>The addends.</returns>
    public Vector128<float> Shift(int lane, int vector, Vector128<float> scales, float zero)
    {
        (float w, float wx) = Totals(lane, vector);
        return (scales * (zero * zero * w)) + Vector128.Create(2 * zero * wx);
    }

    /// <summary>Whether vectors have an odd number of minus signs.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The first vector.</param>
    /// <param name="vectors">How many.</param>
    /// <returns>Whether it is odd.</returns>
    public bool IsOdd(int lane, int vector, int vectors)
    {
        float* x = _groups.X + At(lane, vector);
        bool odd = false;
        for (int i = 0; i < vectors * Length; i++)
        {
            odd ^= x[i * Width] < 0;
        }

        return odd;
    }

    /// <summary>The input of a vector whose wrong sign costs least.</summary>
    /// <param name="lane">The group.</param>
    /// <param name="vector">The vector.</param>
    /// <param name="entry">Its entry.</param>
    /// <returns>The input.</returns>
    public int Cheapest(int lane, int vector, int entry)
    {
        int best = 0;
        float least = float.PositiveInfinity;
        long at = At(lane, vector);
        for (int j = 0; j < Length; j++, at += Width)
        {
            float cost = _table.Number(entry, j) * _groups.W[at] * Math.Abs(_groups.X[at]);
            if (cost < least)
            {
                (least, best) = (cost, j);
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float LeastLane(Vector256<float> lanes)
    {
        Vector128<float> four = Vector128.MinNative(lanes.GetLower(), lanes.GetUpper());
        return Math.Min(Math.Min(four[0], four[1]), Math.Min(four[2], four[3]));
    }

    /// <summary>The first input of a vector among the groups' weights; the next is <see cref="Width"/> farther.</summary>
    private long At(int lane, int vector) => ((((long)(lane / Width) * _plan.GroupInputs) + (vector * Length)) * Width) + (lane % Width);

    private float* Sums(int lane, int vector, int which) => (float*)_sums.Pointer + (((((long)lane * PerGroup) + vector) * 3) + which) * _table.Stride;

    private (float W, float WX) Totals(int lane, int vector)
    {
        long at = At(lane, vector);
        float w = 0, wx = 0;
        for (int j = 0; j < Length; j++, at += Width)
        {
            w += _groups.W[at];
            wx += _groups.W[at] * _groups.X[at];
        }

        return (w, wx);
    }
}
