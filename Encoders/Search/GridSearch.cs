using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Searches parameters and codes of blocks whose codes are vectors of a table. Every vector of weights is weighed against every entry, once; from the three
/// sums kept, the best entry for any scale is one pass over the table. So each scale that is judged gets its best entries, with signs whose parity is
/// forced: the sign that costs least, chosen together with the entry. (1) Each group's best scale on its own; (2) the block's number that serves them best;
/// (3) every group's neighbouring inner numbers; (4) the block's number anew, by least squares, and 3 again, kept where it helps.
/// </summary>
internal sealed unsafe class GridSearch : IBlockSearch
{
    private const int Width = GroupLanes.Width;
    private const int Rounds = 2;
    private const int MostEntries = 4096;
    private const int MostZeros = 4;

    /// <summary>Scales tried first: from this share of the scale that maps the largest weight to the largest number, each the next times a ratio.</summary>
    private const float FirstScale = 0.3f;

    private const float ScaleRatio = 1.17f;
    private const int ScaleCount = 10;
    private const int Refinements = 3;

    private readonly SearchPlan _plan;
    private readonly GroupLanes _groups;
    private readonly VectorTable _table;
    private readonly NativeBuffer _sums;
    private readonly ThirdSum _third;
    private readonly LevelState _best;
    private readonly LevelState _trial;
    private readonly float[] _wanted;
    private readonly float[] _curvature;
    private readonly double[] _bestError;
    private readonly double[] _trialError;
    private readonly VectorChoice[] _choices;
    private readonly byte[] _codes;
    private readonly uint[] _entries;

    /// <summary>Makes room.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="weighting">The weighting of errors.</param>
    public GridSearch(SearchPlan plan, ErrorWeighting weighting)
    {
        _plan = plan;
        _groups = new GroupLanes(plan, weighting);
        _table = new VectorTable(plan.Codes);
        _third = plan.Zero is not null ? ThirdSum.Numbers : plan.Codes.SignParity >= 0 ? ThirdSum.Flipped : ThirdSum.None;
        int lanes = _groups.Vectors * Width;
        VectorsOfGroup = plan.GroupInputs / plan.Codes.Length;
        _sums = new NativeBuffer(3L * lanes * VectorsOfGroup * _table.Stride * sizeof(float));
        _best = new LevelState(plan.Scale, lanes);
        _trial = new LevelState(plan.Scale, lanes);
        (_wanted, _curvature) = (new float[lanes], new float[lanes]);
        (_bestError, _trialError) = (new double[lanes], new double[lanes]);
        _choices = new VectorChoice[lanes * VectorsOfGroup];
        _codes = new byte[Math.Max(plan.Format.CodesPerBlock * plan.Format.CodeBytes, sizeof(uint))];
        _entries = new uint[plan.Format.ParametersPerBlock];
    }

    /// <inheritdoc/>
    public int Blocks => _groups.Blocks;

    private int VectorsOfGroup { get; }

    /// <summary>Why a format with vectors is not searched, or empty.</summary>
    public static string Fault(FormatDescriptor format, ScaleLevels scale, ScaleLevels? min, List<StoredParameter>? zeros, (int Offset, int Per)? signs)
    {
        int length = format.Codes!.Length, group = scale.Inner.Per;
        return min is not null ? "it has minima beside a codebook of vectors"
            : group % length != 0 ? "its scales cover parts of vectors"
            : format.Codes.Entries > MostEntries ? $"its codebook has more than {MostEntries} vectors"
            : signs is { Per: int per } && (per % length != 0 || group % per != 0) ? "its entries of signs cover parts of vectors or several groups"
            : zeros is null ? string.Empty
            : signs is not null ? "it has both signs and zero points"
            : zeros is not [{ IsContinuous: false, Numbers.Count: <= MostZeros } zero] ? $"its zero points are no list of up to {MostZeros} numbers"
            : zero.Per % length != 0 || group % zero.Per != 0 ? "its zero points cover parts of vectors or several groups"
            : string.Empty;
    }

    /// <inheritdoc/>
    public void Encode(float* row, long inputs, float* importance, long firstBlock, KernelSet kernels, byte* to, long count)
    {
        _groups.Load(row, inputs, importance, firstBlock);
        for (int lane = 0; lane < _wanted.Length; lane++)
        {
            Weigh(lane);
            Fit(lane);
        }

        _best.Choose(_wanted, _curvature, Blocks, _groups.Unit);
        Judge(_best, _bestError);
        for (int round = 0; round < Rounds; round++)
        {
            Refit();
            Judge(_trial, _trialError);
            Keep();
        }

        for (int b = 0; b < count; b++)
        {
            Write(b, kernels, to + (b * _plan.Format.BlockBytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups.Dispose();
        _table.Dispose();
        _sums.Dispose();
    }

    private float* X(int lane) => _groups.X + (lane / Width * _plan.GroupInputs * Width) + (lane % Width);

    private float* Sums(int lane, int vector, int which) =>
        (float*)_sums.Pointer + (((((long)lane * VectorsOfGroup) + vector) * 3) + which) * _table.Stride;

    /// <summary>Weighs a group's vectors against the table. With signs apart, magnitudes are weighed.</summary>
    private void Weigh(int lane)
    {
        int length = _table.Length;
        float* w = stackalloc float[length];
        float* wx = stackalloc float[length];
        long from = X(lane) - _groups.X;
        for (int c = 0; c < VectorsOfGroup; c++)
        {
            for (int j = 0; j < length; j++)
            {
                long at = from + (((c * length) + j) * Width);
                w[j] = _groups.W[at];
                wx[j] = _plan.Signs is null ? _groups.WX[at] : Math.Abs(_groups.WX[at]);
            }

            _table.Weigh(wx, w, Sums(lane, c, 0), Sums(lane, c, 1), Sums(lane, c, 2), _third);
        }
    }

    /// <summary>Step 1: a group's best scale while scales are not rounded.</summary>
    private void Fit(int lane)
    {
        float largest = 0;
        float* x = X(lane);
        for (int i = 0; i < _plan.GroupInputs; i++)
        {
            largest = Math.Max(largest, Math.Abs(x[i * Width]));
        }

        (_wanted[lane], _curvature[lane]) = (0, 0);
        double least = 0;
        float scale = FirstScale * largest / _table.Largest, best = 0;
        for (int k = 0; k < ScaleCount && largest > 0; k++, scale *= ScaleRatio)
        {
            double error = ErrorOf(lane, scale);
            if (error < least)
            {
                (least, best) = (error, scale);
            }
        }

        for (int k = 0; k < Refinements && best > 0; k++)
        {
            (double products, double squares) = Choose(lane, best);
            float better = (float)(products / squares);
            double error = better > 0 && float.IsFinite(better) ? ErrorOf(lane, better) : double.PositiveInfinity;
            _curvature[lane] = (float)squares;
            if (!(error < least))
            {
                break;
            }

            (least, best) = (error, better);
        }

        _wanted[lane] = best;
    }

    /// <summary>The least error of a group at a scale, less Σwx².</summary>
    private double ErrorOf(int lane, float scale)
    {
        if (scale == 0)
        {
            return 0;
        }

        double sum = 0;
        if (_plan.Zero is { } zero)
        {
            int together = zero.Per / _table.Length;
            for (int c = 0; c < VectorsOfGroup; c += together)
            {
                double least = double.PositiveInfinity;
                foreach (float z in zero.Numbers)
                {
                    double error = 0;
                    for (int i = c; i < c + together; i++)
                    {
                        error += LeastOf(lane, i, scale, z) + Shift(lane, i, scale, z);
                    }

                    least = Math.Min(least, error);
                }

                sum += least;
            }

            return sum * scale;
        }

        int signed = _plan.Signs is { } signs ? signs.Per / _table.Length : 1;
        for (int c = 0; c < VectorsOfGroup; c += signed)
        {
            bool flips = _third == ThirdSum.Flipped && IsOdd(lane, c, signed);
            double flip = double.PositiveInfinity;
            for (int i = c; i < c + signed; i++)
            {
                double error = LeastOf(lane, i, scale, 0);
                sum += error;
                flip = flips ? Math.Min(flip, FlippedOf(lane, i, scale) - error) : flip;
            }

            sum += flips ? flip : 0;
        }

        return sum * scale;
    }

    /// <summary>Chooses a group's entries, signs and zero points at a scale.</summary>
    /// <returns>Σwxg and Σwg² of what was chosen, signs and zero points included.</returns>
    private (double Products, double Squares) Choose(int lane, float scale)
    {
        Span<VectorChoice> choices = _choices.AsSpan(lane * VectorsOfGroup, VectorsOfGroup);
        if (_plan.Zero is { } zero)
        {
            int together = zero.Per / _table.Length;
            for (int c = 0; c < VectorsOfGroup; c += together)
            {
                double least = double.PositiveInfinity;
                int best = 0;
                for (int place = 0; place < zero.Numbers.Count; place++)
                {
                    double error = 0;
                    for (int i = c; i < c + together; i++)
                    {
                        error += LeastOf(lane, i, scale, zero.Numbers[place]) + Shift(lane, i, scale, zero.Numbers[place]);
                    }

                    if (error < least)
                    {
                        (least, best) = (error, place);
                    }
                }

                for (int i = c; i < c + together; i++)
                {
                    choices[i] = new VectorChoice(Place(lane, i, scale, zero.Numbers[best], false), best, -1);
                }
            }
        }
        else
        {
            int signed = _plan.Signs is { } signs ? signs.Per / _table.Length : 1;
            for (int c = 0; c < VectorsOfGroup; c += signed)
            {
                int flipped = -1;
                double flip = double.PositiveInfinity;
                for (int i = c; i < c + signed && _third == ThirdSum.Flipped && IsOdd(lane, c, signed); i++)
                {
                    double error = FlippedOf(lane, i, scale) - LeastOf(lane, i, scale, 0);
                    if (error < flip)
                    {
                        (flip, flipped) = (error, i);
                    }
                }

                for (int i = c; i < c + signed; i++)
                {
                    int entry = Place(lane, i, scale, 0, i == flipped);
                    choices[i] = new VectorChoice(entry, 0, i == flipped ? Cheapest(lane, i, entry) : -1);
                }
            }
        }

        double products = 0, squares = 0;
        for (int c = 0; c < VectorsOfGroup; c++)
        {
            VectorChoice choice = choices[c];
            float z = _plan.Zero?.Numbers[choice.Zero] ?? 0;
            (float w, float wx) = Totals(lane, c);
            products += Sums(lane, c, choice.Flip >= 0 ? 2 : 0)[choice.Entry] - (z * wx);
            squares += Sums(lane, c, 1)[choice.Entry] + (z == 0 ? 0 : (z * z * w) - (2 * z * Sums(lane, c, 2)[choice.Entry]));
        }

        return (products, squares);
    }

    /// <summary>min over entries of sΣwg² - 2Σwxg, with -2zsΣwg for a zero point.</summary>
    private float LeastOf(int lane, int vector, float scale, float zero) =>
        Least(Sums(lane, vector, 0), Sums(lane, vector, 1), zero == 0 ? null : Sums(lane, vector, 2), _table.Stride, scale, -2 * zero * scale);

    private float FlippedOf(int lane, int vector, float scale) => Least(Sums(lane, vector, 2), Sums(lane, vector, 1), null, _table.Stride, scale, 0);

    private static float Least(float* products, float* squares, float* numbers, int count, float scale, float factor)
    {
        Vector256<float> a = Vector256.Create(float.PositiveInfinity), b = a;
        Vector256<float> s = Vector256.Create(scale), f = Vector256.Create(factor), two = Vector256.Create(-2f);
        int q = 0;
        for (; q <= count - (2 * Width); q += 2 * Width)
        {
            a = Vector256.MinNative(a, Of(q));
            b = Vector256.MinNative(b, Of(q + Width));
        }

        a = q < count ? Vector256.MinNative(a, Of(q)) : a;
        a = Vector256.MinNative(a, b);
        float least = a[0];
        for (int l = 1; l < Width; l++)
        {
            least = Math.Min(least, a[l]);
        }

        return least;

        Vector256<float> Of(int at)
        {
            Vector256<float> value = Vector256.FusedMultiplyAdd(s, Vector256.Load(squares + at), two * Vector256.Load(products + at));
            return numbers == null ? value : Vector256.FusedMultiplyAdd(f, Vector256.Load(numbers + at), value);
        }
    }

    /// <summary>The first entry of least error.</summary>
    private int Place(int lane, int vector, float scale, float zero, bool flipped)
    {
        float least = flipped ? FlippedOf(lane, vector, scale) : LeastOf(lane, vector, scale, zero);
        float* products = Sums(lane, vector, flipped ? 2 : 0);
        float* squares = Sums(lane, vector, 1);
        float* numbers = Sums(lane, vector, 2);
        float factor = -2 * zero * scale;
        for (int q = 0; q < _table.Entries; q++)
        {
            float value = MathF.FusedMultiplyAdd(scale, squares[q], -2f * products[q]);
            value = zero == 0 ? value : MathF.FusedMultiplyAdd(factor, numbers[q], value);
            if (value == least)
            {
                return q;
            }
        }

        return 0;
    }

    /// <summary>The rest of an error with a zero point z: sz²Σw + 2zΣwx.</summary>
    private double Shift(int lane, int vector, float scale, float z)
    {
        (float w, float wx) = Totals(lane, vector);
        return (scale * z * z * w) + (2 * z * wx);
    }

    private (float W, float WX) Totals(int lane, int vector)
    {
        long from = X(lane) - _groups.X;
        float w = 0, wx = 0;
        for (int j = 0; j < _table.Length; j++)
        {
            long at = from + (((vector * _table.Length) + j) * Width);
            w += _groups.W[at];
            wx += _groups.WX[at];
        }

        return (w, wx);
    }

    /// <summary>Whether an entry of signs has an odd number of minus signs.</summary>
    private bool IsOdd(int lane, int vector, int vectors)
    {
        float* x = X(lane) + (vector * _table.Length * Width);
        bool odd = false;
        for (int i = 0; i < vectors * _table.Length; i++)
        {
            odd ^= x[i * Width] < 0;
        }

        return odd;
    }

    /// <summary>The input of a vector whose wrong sign costs least.</summary>
    private int Cheapest(int lane, int vector, int entry)
    {
        long from = X(lane) - _groups.X;
        int best = 0;
        float least = float.PositiveInfinity;
        for (int j = 0; j < _table.Length; j++)
        {
            float cost = _table.Number(entry, j) * Math.Abs(_groups.WX[from + (((vector * _table.Length) + j) * Width)]);
            if (cost < least)
            {
                (least, best) = (cost, j);
            }
        }

        return best;
    }

    /// <summary>Step 3.</summary>
    private void Judge(LevelState state, double[] errors)
    {
        for (int v = 0; v < _groups.Vectors; v++)
        {
            Vector256<float> number = default, place = default;
            Array.Fill(errors, double.PositiveInfinity, v * Width, Width);
            for (int by = -state.Steps; by <= state.Steps; by++)
            {
                Vector256<float> moved = state.Moved(v, by, out Vector256<float> at);
                for (int l = 0; l < Width; l++)
                {
                    double error = ErrorOf((v * Width) + l, moved[l]);
                    if (error < errors[(v * Width) + l])
                    {
                        errors[(v * Width) + l] = error;
                        number = number.WithElement(l, moved[l]);
                        place = place.WithElement(l, at[l]);
                    }
                }
            }

            state.Set(v, place, number);
        }
    }

    /// <summary>Step 4.</summary>
    private void Refit()
    {
        int groups = _plan.Groups;
        _trial.Take(_best, 0, _wanted.Length);
        for (int b = 0; b < Blocks; b++)
        {
            double products = 0, squares = 0;
            for (int lane = b * groups; lane < (b + 1) * groups; lane++)
            {
                (double a, double s) = Choose(lane, _best.Number[lane]);
                double t = _best.Outer[lane] == 0 ? 0 : _best.Number[lane] / _best.Outer[lane];
                products += t * a;
                squares += t * t * s;
                _wanted[lane] = s > 0 ? (float)(a / s) : _best.Number[lane];
            }

            if (_plan.Scale.Outer is not null && squares > 0 && products > 0)
            {
                _trial.SetOuter((float)(products / squares), b, groups, _groups.Unit[b]);
            }
        }

        if (_plan.Scale.Inner.IsContinuous)
        {
            _trial.Round(_wanted, Blocks, _groups.Unit);
        }
    }

    private void Keep()
    {
        int together = _plan.Scale.Outer is null ? 1 : _plan.Groups;
        for (int first = 0; first < _wanted.Length; first += together)
        {
            double before = 0, after = 0;
            for (int lane = first; lane < first + together; lane++)
            {
                before += _bestError[lane];
                after += _trialError[lane];
            }

            if (after < before)
            {
                _best.Take(_trial, first, together);
                Array.Copy(_trialError, first, _bestError, first, together);
            }
        }
    }

    private void Write(int block, KernelSet kernels, byte* to)
    {
        int groups = _plan.Groups, length = _table.Length, bytes = _plan.Format.CodeBytes;
        Array.Clear(_entries);
        fixed (byte* codes = _codes)
        fixed (uint* entries = _entries)
        {
            for (int g = 0; g < groups; g++)
            {
                int lane = (block * groups) + g;
                Choose(lane, _best.Number[lane]);
                float* x = X(lane);
                for (int c = 0; c < VectorsOfGroup; c++)
                {
                    VectorChoice choice = _choices[(lane * VectorsOfGroup) + c];
                    int vector = (g * VectorsOfGroup) + c;
                    for (int i = 0; i < bytes; i++)
                    {
                        codes[(vector * bytes) + i] = (byte)(choice.Entry >> (8 * i));
                    }

                    if (_plan.Zero is { } zero)
                    {
                        entries[zero.Offset + (vector * length / zero.Per)] = zero.StoredAt(choice.Zero);
                    }

                    for (int j = 0; j < length && _plan.Signs is not null; j++)
                    {
                        if ((x[((c * length) + j) * Width] < 0) != (choice.Flip == j))
                        {
                            SetMinus(entries, (vector * length) + j);
                        }
                    }
                }
            }

            _best.Write(entries, block, groups, _groups.Unit[block]);
            kernels.PackBlock(codes, entries, to);
        }
    }

    /// <summary>Stores a minus sign. The input that makes minus signs even has no bit; those above it are one lower.</summary>
    private void SetMinus(uint* entries, int input)
    {
        (int offset, int per) = _plan.Signs!.Value;
        int bit = input % per, parity = _plan.Codes.SignParity;
        if (bit != parity)
        {
            entries[offset + (input / per)] |= 1u << (parity >= 0 && bit > parity ? bit - 1 : bit);
        }
    }

    /// <summary>What was chosen for a vector.</summary>
    /// <param name="Entry">The table's entry.</param>
    /// <param name="Zero">The place of the zero point in its list.</param>
    /// <param name="Flip">The input whose sign is wrong, or -1.</param>
    private readonly record struct VectorChoice(int Entry, int Zero, int Flip);
}
