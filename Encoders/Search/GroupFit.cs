using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Eight groups' best scale and minimum while nothing is rounded: codes are tried for a row of steps around the range of the weights, and for each the
/// least-squares scale and minimum are taken, as ggml does (<c>make_qx_quants</c>, <c>make_qkx3_quants</c>).
/// </summary>
/// <typeparam name="TCodes">The codes.</typeparam>
/// <param name="nearest">Finds nearest codes.</param>
/// <param name="lattice">The codes' numbers.</param>
internal readonly unsafe struct GroupFit<TCodes>(TCodes nearest, CodeLattice lattice)
    where TCodes : struct, INearestNumber
{
    private const int Width = GroupLanes.Width;

    /// <summary>Steps tried on each side, two at once.</summary>
    private const int Steps = 7;

    /// <summary>A step, in gaps between the outermost codes.</summary>
    private const float Step = 0.12f;

    /// <summary>Every second step puts the lowest weight here, between two codes: good minima lie half a step apart where codes are dense.</summary>
    private const float Shift = 0.4f;

    /// <summary>Fits scales alone.</summary>
    /// <param name="x">Weights [n][8].</param>
    /// <param name="w">Weights of errors.</param>
    /// <param name="wx">Their products.</param>
    /// <param name="n">Inputs of a group.</param>
    /// <param name="oneSided">Whether scales are not negative.</param>
    /// <param name="curvature">The second derivative of half the error by the scale.</param>
    /// <returns>The scales.</returns>
    public Vector256<float> Scales(float* x, float* w, float* wx, int n, bool oneSided, out Vector256<float> curvature)
    {
        Vector256<float> largest = Vector256<float>.Zero, extreme = Vector256<float>.One;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            Vector256<float> magnitude = Vector256.Abs(one);
            extreme = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, largest), one, extreme);
            largest = Vector256.MaxNative(largest, magnitude);
        }

        float[] numbers = lattice.Numbers;
        bool low = -numbers[0] >= numbers[^1];
        Vector256<float> first = Vector256.Create(numbers[0]), last = Vector256.Create(numbers[^1]);
        Vector256<float> target = oneSided ? Vector256.ConditionalSelect(Vector256.GreaterThan(extreme, Vector256<float>.Zero), last, first) : low ? first : last;
        Vector256<float> gap = Vector256.Create(Step * (low ? numbers[1] - numbers[0] : numbers[^1] - numbers[^2]));
        gap = Vector256.CopySign(gap, target);
        Vector256<float> unit = Vector256<float>.One / extreme;
        Vector256<float> bestX = Vector256<float>.Zero, bestL = Vector256<float>.One;
        for (int k = -Steps; k <= Steps; k += 2)
        {
            Vector256<float> a = (target + (k * gap)) * unit, b = (target + ((k + 1) * gap)) * unit;
            Vector256<float> aX = Vector256<float>.Zero, aL = aX, bX = aX, bL = aX;
            for (int i = 0; i < n; i++)
            {
                Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width)), wxi = Vector256.Load(wx + (i * Width));
                Vector256<float> p = nearest.Nearest(xi * a), q = nearest.Nearest(xi * b);
                aX = Vector256.FusedMultiplyAdd(wxi, p, aX);
                bX = Vector256.FusedMultiplyAdd(wxi, q, bX);
                aL = Vector256.FusedMultiplyAdd(wi * p, p, aL);
                bL = Vector256.FusedMultiplyAdd(wi * q, q, bL);
            }

            Take(aX, aL, ref bestX, ref bestL);
            Take(bX, bL, ref bestX, ref bestL);
        }

        curvature = Vector256.ConditionalSelect(Vector256.Equals(bestX, Vector256<float>.Zero), Vector256<float>.Zero, bestL);
        return bestX / bestL;

        // Of the weights' energy (Σwlx)² / Σwl² is explained; compared without dividing.
        void Take(Vector256<float> sumX, Vector256<float> sumL, ref Vector256<float> bestSumX, ref Vector256<float> bestSumL)
        {
            Vector256<float> better = Vector256.GreaterThan(sumX * sumX * bestSumL, bestSumX * bestSumX * sumL);
            better = oneSided ? better & Vector256.GreaterThan(sumX, Vector256<float>.Zero) : better;
            bestSumX = Vector256.ConditionalSelect(better, sumX, bestSumX);
            bestSumL = Vector256.ConditionalSelect(better, sumL, bestSumL);
        }
    }

    /// <summary>Fits scales and minima.</summary>
    /// <param name="x">Weights [n][8].</param>
    /// <param name="w">Weights of errors.</param>
    /// <param name="wx">Their products.</param>
    /// <param name="n">Inputs of a group.</param>
    /// <param name="sumW">Sums of <paramref name="w"/>.</param>
    /// <param name="negative">Whether minima are not above 0.</param>
    /// <param name="sums">Σwl, Σwl² and Σwlx of the codes l that fit best.</param>
    /// <param name="sumX">Σwx.</param>
    /// <returns>The scales and minima.</returns>
    public (Vector256<float> Scale, Vector256<float> Min) Lines(float* x, float* w, float* wx, int n, Vector256<float> sumW, bool negative, out LineSums sums, out Vector256<float> sumX)
    {
        Vector256<float> lowest = Vector256.Load(x), highest = lowest;
        sumX = Vector256<float>.Zero;
        for (int i = 0; i < n; i++)
        {
            Vector256<float> one = Vector256.Load(x + (i * Width));
            lowest = Vector256.MinNative(lowest, one);
            highest = Vector256.MaxNative(highest, one);
            sumX += Vector256.Load(wx + (i * Width));
        }

        lowest = negative ? Vector256.MinNative(lowest, Vector256<float>.Zero) : lowest;
        float[] numbers = lattice.Numbers;
        Vector256<float> range = highest - lowest;
        Vector256<float> flat = Vector256.LessThanOrEqual(range, Vector256<float>.Zero);
        Vector256<float> unit = Vector256.ConditionalSelect(flat, Vector256<float>.Zero, Vector256<float>.One / range);
        Vector256<float> first = Vector256.Create(numbers[0]), span = Vector256.Create(numbers[^1] - numbers[0]);

        // Where the range is empty the lowest weight is the minimum, which explains all.
        LineFit best = new() { Scale = Vector256<float>.Zero, Min = lowest, Explained = lowest * ((2 * sumX) - (lowest * sumW)) };
        for (int k = -Steps; k <= Steps; k += 2)
        {
            Vector256<float> a = (span + Vector256.Create(Step * k)) * unit, b = (span + Vector256.Create((Step * (k + 1)) - Shift)) * unit;
            Vector256<float> atA = first - (lowest * a), atB = first - (lowest * b) + Vector256.Create(Shift);
            LineSums sumA = default, sumB = default;
            for (int i = 0; i < n; i++)
            {
                Vector256<float> xi = Vector256.Load(x + (i * Width)), wi = Vector256.Load(w + (i * Width)), wxi = Vector256.Load(wx + (i * Width));
                Vector256<float> p = nearest.Nearest(Vector256.FusedMultiplyAdd(xi, a, atA)), q = nearest.Nearest(Vector256.FusedMultiplyAdd(xi, b, atB));
                Vector256<float> wp = wi * p, wq = wi * q;
                sumA.L += wp;
                sumB.L += wq;
                sumA.LL = Vector256.FusedMultiplyAdd(wp, p, sumA.LL);
                sumB.LL = Vector256.FusedMultiplyAdd(wq, q, sumB.LL);
                sumA.LX = Vector256.FusedMultiplyAdd(wxi, p, sumA.LX);
                sumB.LX = Vector256.FusedMultiplyAdd(wxi, q, sumB.LX);
            }

            best.Take(sumA, sumW, sumX, negative);
            best.Take(sumB, sumW, sumX, negative);
        }

        sums = best.Sums;
        return (best.Scale, best.Min);
    }
}

/// <summary>Sums over the inputs of eight groups, w the weight of an error, x the weight, l its code's number.</summary>
internal struct LineSums
{
    /// <summary>Σwl.</summary>
    public Vector256<float> L;

    /// <summary>Σwl².</summary>
    public Vector256<float> LL;

    /// <summary>Σwlx.</summary>
    public Vector256<float> LX;
}

/// <summary>The best lines x ≈ scale · l + min so far, of eight groups.</summary>
internal struct LineFit
{
    /// <summary>Below this share of Σw Σwl² the codes are all the same, as far as f32 can tell.</summary>
    private const float Flat = 1e-6f;

    /// <summary>The scales.</summary>
    public Vector256<float> Scale;

    /// <summary>The minima.</summary>
    public Vector256<float> Min;

    /// <summary>What of Σwx² they explain.</summary>
    public Vector256<float> Explained;

    /// <summary>Their codes' sums.</summary>
    public LineSums Sums;

    /// <summary>Takes the least-squares lines through some codes where they explain more.</summary>
    /// <param name="sums">The codes' sums.</param>
    /// <param name="w">Σw.</param>
    /// <param name="x">Σwx.</param>
    /// <param name="negative">Whether minima are not above 0: where one would be, it is 0.</param>
    public void Take(in LineSums sums, Vector256<float> w, Vector256<float> x, bool negative)
    {
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> determinant = (w * sums.LL) - (sums.L * sums.L);
        Vector256<float> sound = Vector256.GreaterThan(determinant, Flat * (w * sums.LL));
        Vector256<float> scale = ((w * sums.LX) - (x * sums.L)) / determinant;
        Vector256<float> min = ((sums.LL * x) - (sums.L * sums.LX)) / determinant;
        Vector256<float> through = negative ? ~sound | Vector256.GreaterThan(min, zero) : ~sound;
        scale = Vector256.ConditionalSelect(through, sums.LX / sums.LL, scale);
        min = Vector256.ConditionalSelect(through, zero, min);
        Vector256<float> explained = Vector256.FusedMultiplyAdd(scale, sums.LX, min * x);
        Vector256<float> better = Vector256.GreaterThan(sums.LL, zero) & Vector256.GreaterThan(scale, zero) & Vector256.GreaterThan(explained, Explained);
        Scale = Vector256.ConditionalSelect(better, scale, Scale);
        Min = Vector256.ConditionalSelect(better, min, Min);
        Explained = Vector256.ConditionalSelect(better, explained, Explained);
        Sums.L = Vector256.ConditionalSelect(better, sums.L, Sums.L);
        Sums.LL = Vector256.ConditionalSelect(better, sums.LL, Sums.LL);
        Sums.LX = Vector256.ConditionalSelect(better, sums.LX, Sums.LX);
    }
}
