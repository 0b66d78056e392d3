using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>The best scales so far, of eight groups, as the sums of the codes l that they fit.</summary>
internal struct ScaleFit
{
    /// <summary>Σwlx.</summary>
    public Vector256<float> X;

    /// <summary>Σwl².</summary>
    public Vector256<float> LL;

    /// <summary>The least-squares scales.</summary>
    public readonly Vector256<float> Scale => X / LL;

    /// <summary>The second derivative of half the error by the scale; 0 where nothing is explained.</summary>
    public readonly Vector256<float> Curvature => Vector256.AndNot(LL, Vector256.Equals(X, Vector256<float>.Zero));

    /// <summary>Takes codes that explain more. Of the weights' energy (Σwlx)² / Σwl² is explained; compared without dividing.</summary>
    /// <param name="x">Σwlx.</param>
    /// <param name="ll">Σwl².</param>
    /// <param name="oneSided">Whether scales are not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(Vector256<float> x, Vector256<float> ll, bool oneSided)
    {
        Vector256<float> better = Vector256.GreaterThan(x * x * LL, X * X * ll);
        better = oneSided ? better & Vector256.GreaterThan(x, Vector256<float>.Zero) : better;
        X = Vector256.ConditionalSelect(better, x, X);
        LL = Vector256.ConditionalSelect(better, ll, LL);
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

/// <summary>The best lines x ≈ scale · l + min so far, of eight groups, as the sums of the codes l that they fit.</summary>
internal struct LineFit
{
    /// <summary>Below this share of Σw Σwl² the codes are all the same, as far as f32 can tell.</summary>
    private const float Flat = 1e-6f;

    private readonly Vector256<float> _level;
    private readonly Vector256<float> _meanGain;
    private readonly bool _negative;
    private Vector256<float> _gain;
    private LineSums _sums;

    /// <summary>Starts with a scale of 0 and the lowest weight as the minimum.</summary>
    /// <param name="w">Σw.</param>
    /// <param name="x">Σwx.</param>
    /// <param name="lowest">The lowest weights.</param>
    /// <param name="negative">Whether minima are not above 0: where one would be, it is 0.</param>
    public LineFit(Vector256<float> w, Vector256<float> x, Vector256<float> lowest, bool negative)
    {
        (W, X, _level, _negative) = (w, x, lowest, negative);
        _meanGain = x * x / w;
        _gain = lowest * ((2 * x) - (lowest * w));
    }

    /// <summary>Σw.</summary>
    public Vector256<float> W { get; }

    /// <summary>Σwx.</summary>
    public Vector256<float> X { get; }

    /// <summary>The sums of the codes taken.</summary>
    public readonly LineSums Sums => _sums;

    /// <summary>Takes codes whose least-squares lines explain more of Σwx².</summary>
    /// <param name="sums">Their sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(in LineSums sums)
    {
        Vector256<float> variance = Variance(sums), covariance = Covariance(sums), through = Through(sums, variance);
        Vector256<float> slope = Vector256.ConditionalSelect(through, sums.LX, covariance);
        Vector256<float> spread = Vector256.ConditionalSelect(through, sums.LL, variance * W);
        Vector256<float> gain = Vector256.FusedMultiplyAdd(slope, slope / spread, Vector256.AndNot(_meanGain, through));

        // Codes that are all 0 have no spread: not a number, which is not greater.
        Vector256<float> better = Vector256.GreaterThan(slope, Vector256<float>.Zero) & Vector256.GreaterThan(gain, _gain);
        _gain = Vector256.ConditionalSelect(better, gain, _gain);
        _sums.L = Vector256.ConditionalSelect(better, sums.L, _sums.L);
        _sums.LL = Vector256.ConditionalSelect(better, sums.LL, _sums.LL);
        _sums.LX = Vector256.ConditionalSelect(better, sums.LX, _sums.LX);
    }

    /// <summary>The line.</summary>
    /// <returns>Scales and minima.</returns>
    public readonly (Vector256<float> Scale, Vector256<float> Min) Solve()
    {
        Vector256<float> variance = Variance(_sums), through = Through(_sums, variance), none = Vector256.Equals(_sums.LL, Vector256<float>.Zero);
        Vector256<float> scale = Vector256.ConditionalSelect(through, _sums.LX, Covariance(_sums)) / Vector256.ConditionalSelect(through, _sums.LL, variance);
        Vector256<float> min = Vector256.AndNot((X - (scale * _sums.L)) / W, through);
        return (Vector256.AndNot(scale, none), Vector256.ConditionalSelect(none, _level, min));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<float> Variance(in LineSums sums) => (W * sums.LL) - (sums.L * sums.L);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<float> Covariance(in LineSums sums) => (W * sums.LX) - (X * sums.L);

    /// <summary>Whether lines go through 0: the minimum would be above it, or the codes do not tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly Vector256<float> Through(in LineSums sums, Vector256<float> variance)
    {
        Vector256<float> unsound = Vector256.LessThanOrEqual(variance, Flat * (W * sums.LL));
        return _negative ? unsound | Vector256.GreaterThan(sums.LL * X, sums.L * sums.LX) : unsound;
    }
}
