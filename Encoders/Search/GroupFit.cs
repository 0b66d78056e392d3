using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Eight groups' best scale and minimum while nothing is rounded: codes are tried for a row of steps around the range of the weights, and for each the
/// least-squares scale and minimum are taken, as ggml does (<c>make_qx_quants</c>, <c>make_qkx3_quants</c>).
/// </summary>
/// <typeparam name="TCodes">The codes.</typeparam>
/// <param name="nearest">Finds nearest codes.</param>
/// <param name="numbers">The codes' numbers, upward.</param>
/// <param name="depth">The steps.</param>
internal readonly unsafe struct GroupFit<TCodes>(TCodes nearest, float[] numbers, SearchDepth depth)
    where TCodes : struct, INearestNumber
{
    private const int Width = GroupLanes.Width;

    /// <summary>Weights, or ranges of them, below this count as 0, beside the block's largest, which is near 1.</summary>
    private const float Tiny = 1e-30f;

    /// <summary>Less than half a gap: what is cut off rounds to the outermost number all the same.</summary>
    private const float Inside = 0.49f;

    /// <summary>Fits scales alone.</summary>
    /// <param name="x">Weights [n][8].</param>
    /// <param name="w">Weights of errors.</param>
    /// <param name="n">Inputs of a group.</param>
    /// <param name="oneSided">Whether scales are not negative.</param>
    /// <returns>Sums of the codes that fit best.</returns>
    public ScaleFit Scales(float* x, float* w, int n, bool oneSided)
    {
        Vector256<float> lowest = Vector256<float>.Zero, highest = lowest;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            lowest = Vector256.MinNative(lowest, one);
            highest = Vector256.MaxNative(highest, one);
        }

        Vector256<float> extreme = Vector256.ConditionalSelect(Vector256.GreaterThan(-lowest, highest), lowest, highest);
        extreme = Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(extreme), Vector256.Create(Tiny)), Vector256<float>.One, extreme);
        bool low = -numbers[0] >= numbers[^1];
        Vector256<float> first = Vector256.Create(numbers[0]), last = Vector256.Create(numbers[^1]);
        Vector256<float> target = oneSided ? Vector256.ConditionalSelect(Vector256.GreaterThan(extreme, Vector256<float>.Zero), last, first) : low ? first : last;
        Vector256<float> gap = Vector256.Create(depth.Step * (low ? numbers[1] - numbers[0] : numbers[^1] - numbers[^2]));
        gap = Vector256.CopySign(gap, target);
        Vector256<float> unit = Vector256<float>.One / extreme;
        ScaleFit best = new() { X = Vector256<float>.Zero, LL = Vector256<float>.One };
        for (int k = depth.First; k < depth.Last; k += 2)
        {
            Vector256<float> a = (target + (k * gap)) * unit, b = (target + ((k + 1) * gap)) * unit;
            if (low && !oneSided && (k + 1) * depth.Step < Inside)
            {
                Try(x, w, n, a, b, true, oneSided, ref best);
            }
            else
            {
                Try(x, w, n, a, b, false, oneSided, ref best);
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Try(float* x, float* w, int n, Vector256<float> a, Vector256<float> b, bool above, bool oneSided, ref ScaleFit best)
    {
        TCodes codes = nearest;
        Vector256<float> aX = Vector256<float>.Zero, aL = aX, bX = aX, bL = aX;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width));
            Vector256<float> p = above ? codes.NearestAbove(xi, a) : codes.Nearest(xi, a), q = above ? codes.NearestAbove(xi, b) : codes.Nearest(xi, b);
            Vector256<float> wp = wi * p, wq = wi * q;
            aX = Vector256.FusedMultiplyAdd(wp, xi, aX);
            bX = Vector256.FusedMultiplyAdd(wq, xi, bX);
            aL = Vector256.FusedMultiplyAdd(wp, p, aL);
            bL = Vector256.FusedMultiplyAdd(wq, q, bL);
        }

        best.Take(aX, aL, oneSided);
        best.Take(bX, bL, oneSided);
    }

    /// <summary>Fits scales and minima.</summary>
    /// <param name="x">Weights [n][8].</param>
    /// <param name="w">Weights of errors.</param>
    /// <param name="n">Inputs of a group.</param>
    /// <param name="sumW">Sums of <paramref name="w"/>.</param>
    /// <param name="negative">Whether minima are not above 0.</param>
    /// <returns>Sums of the codes that fit best.</returns>
    public LineFit Lines(float* x, float* w, int n, Vector256<float> sumW, bool negative)
    {
        Vector256<float> lowest = Vector256.Load(x), highest = lowest, sumX = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            lowest = Vector256.MinNative(lowest, one);
            highest = Vector256.MaxNative(highest, one);
            sumX = Vector256.FusedMultiplyAdd(Vector256.Load(w + (i * Width)), one, sumX);
        }

        lowest = negative ? Vector256.MinNative(lowest, Vector256<float>.Zero) : lowest;
        Vector256<float> range = highest - lowest;
        Vector256<float> flat = Vector256.LessThan(range, Vector256.Create(Tiny));
        Vector256<float> unit = Vector256.ConditionalSelect(flat, Vector256<float>.Zero, Vector256<float>.One / range);
        Vector256<float> first = Vector256.Create(numbers[0]), span = Vector256.Create(numbers[^1] - numbers[0]);
        LineFit best = new(sumW, sumX, lowest, negative);
        for (int k = depth.First; k < depth.Last; k += 2)
        {
            Vector256<float> a = (span + Vector256.Create(depth.Step * k)) * unit, b = (span + Vector256.Create((depth.Step * (k + 1)) - depth.Shift)) * unit;
            Vector256<float> atA = first - (lowest * a), atB = first - (lowest * b) + Vector256.Create(depth.Shift);
            if ((k + 1) * depth.Step < Inside)
            {
                Try(x, w, n, a, b, atA, atB, true, ref best);
            }
            else
            {
                Try(x, w, n, a, b, atA, atB, false, ref best);
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Try(
        float* x, float* w, int n, Vector256<float> a, Vector256<float> b, Vector256<float> atA, Vector256<float> atB, bool inside, ref LineFit best)
    {
        TCodes codes = nearest;
        LineSums sumA = default, sumB = default;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width));
            Vector256<float> p = inside ? codes.NearestInside(xi, a, atA) : codes.NearestAbove(xi, a, atA);
            Vector256<float> q = inside ? codes.NearestInside(xi, b, atB) : codes.NearestAbove(xi, b, atB);
            Vector256<float> wp = wi * p, wq = wi * q;
            sumA.L += wp;
            sumB.L += wq;
            sumA.LL = Vector256.FusedMultiplyAdd(wp, p, sumA.LL);
            sumB.LL = Vector256.FusedMultiplyAdd(wq, q, sumB.LL);
            sumA.LX = Vector256.FusedMultiplyAdd(wp, xi, sumA.LX);
            sumB.LX = Vector256.FusedMultiplyAdd(wq, xi, sumB.LX);
        }

        best.Take(sumA);
        best.Take(sumB);
    }
}
