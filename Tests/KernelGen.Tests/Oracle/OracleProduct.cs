using System;

namespace KernelGen.Tests.Oracle;

/// <summary>A dot product in double, and how far an f32 kernel may be from it.</summary>
/// <param name="Value">The product.</param>
/// <param name="Bound">The derived bound on a kernel's error.</param>
internal readonly record struct OracleProduct(double Value, double Bound)
{
    /// <summary>The unit roundoff of f32.</summary>
    public const double Roundoff = 1.0 / (1 << 24);

    /// <summary>Whether a kernel's result lies within the bound.</summary>
    public bool Admits(float actual) => Math.Abs(actual - Value) <= Bound;

    /// <summary>
    /// Σ a·w with f32 activations and the decoded f32 weights.
    /// </summary>
    /// <remarks>
    /// Bound: the kernel forms Σ by fused multiply-add in some order, in any number of lanes, so no weight passes through more
    /// than K roundings (its own FMA and the additions after it, the final reduction of lanes included, which replaces as many
    /// steps of the chain as it adds). Each rounding changes what it rounds by at most a factor 1 ± u, so the error is at most
    /// ((1+u)^n - 1) Σ|a·w| &lt;= γ(n) Σ|a·w| with γ(n) = n·u / (1 - n·u) and n = K + 4 (lanes are not filled evenly: up to 3 levels of
    /// reduction and one accumulation into y may come on top). Underflow adds at most half the least subnormal per step.
    /// </remarks>
    public static OracleProduct Float32(OracleRow row, ReadOnlySpan<float> x)
    {
        double sum = 0;
        double magnitude = 0;
        float[] weights = row.Weights;
        for (int k = 0; k < weights.Length; k++)
        {
            double term = (double)weights[k] * x[k];
            sum += term;
            magnitude += Math.Abs(term);
        }

        int roundings = row.Inputs + 4;
        return new(sum, (Gamma(roundings) * magnitude) + (roundings * (double)float.Epsilon));
    }

    /// <summary>
    /// Σ over groups of d · Σ q·(S·(v - Z) + M), with the activation codes q exact, and S, Z, M as f32.
    /// </summary>
    /// <remarks>
    /// Bound: all sums of code products inside one segment are integers, hence exact. In f32 a segment's contribution d·S·Σqv -
    /// d·S·Z·Σq + d·M·Σq is then formed with at most c roundings: up to two conversions of integers beyond 2^24, the products of the
    /// levels of S, Z or M (the oracle's S, Z, M have been rounded by as many), times d, times the integer sum, one subtraction
    /// and one row or tensor factor taken out of the sum: c = 2·(levels) + 6. It is added to at most two terms per segment of the row: n
    /// = 2·segments additions. So the error is at most γ(n + c)·T with T = Σ|d·q|·(|S|·(|v| + |Z|) + |M|), the sum of the
    /// magnitudes before anything cancels. A codebook whose entries are no small integers is held by the kernels as multiples of
    /// a step, each entry off by at most <paramref name="tableError"/> times the row's table's largest: that adds Σ|d·q·S|·error.
    /// Underflow adds at most half the least subnormal per step, multiplied by what follows; the tests keep scales at or
    /// below 2^8 and the codes' sums are below 2^24, so 2^32 subnormals cover it.
    /// </remarks>
    public static OracleProduct Int8(
        OracleRow row, ActivationLayout layout, OracleActivations x, int levels, double tableError)
    {
        double sum = 0;
        double magnitude = 0;
        double table = 0;
        double[] values = x.Values;
        double[] terms = row.Terms;
        double[] magnitudes = row.Magnitudes;
        for (int k = 0; k < terms.Length; k++)
        {
            sum += values[k] * terms[k];
            magnitude += Math.Abs(values[k]) * magnitudes[k];
        }

        for (int k = 0; tableError != 0 && k < terms.Length; k++)
        {
            table += Math.Abs(values[k] * row.Scales[k]) * tableError * row.LargestNumber;
        }

        int segments = x.Steps.Length * layout.SegmentsPerGroup;
        int roundings = (2 * segments) + (2 * levels) + 6;
        return new(sum, (Gamma(roundings) * magnitude) + table + (roundings * (double)float.Epsilon * 4294967296.0));
    }

    private static double Gamma(int roundings) => roundings * Roundoff / (1 - (roundings * Roundoff));
}
