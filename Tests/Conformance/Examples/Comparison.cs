using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Conformance.Examples;

/// <summary>Counts what differs between an example and what the generated code made of it.</summary>
internal sealed class Comparison
{
    /// <summary>Decoded values may differ by this much, relatively: f32 arithmetic against float64.</summary>
    private const double Relative = 2e-6;

    /// <summary>The examples are rounded to nine decimals.</summary>
    private const double Rounding = 5.1e-10;

    /// <summary>Differences so far.</summary>
    public int Mismatches { get; private set; }

    /// <summary>Compares stored integers: codes, bytes, zero points.</summary>
    public void Codes(IEnumerable<long> expected, IEnumerable<long> actual)
    {
        long[] left = [.. expected];
        long[] right = [.. actual];
        Mismatches += left.Zip(right).Count(pair => pair.First != pair.Second) + Math.Abs(left.Length - right.Length);
    }

    /// <summary>Compares decoded values and f32 parameters.</summary>
    /// <param name="expected">The example's.</param>
    /// <param name="actual">The generated code's.</param>
    /// <param name="terms">
    /// Numbers of the size of the terms, where the values are sums that may cancel: f32 rounds the terms.
    /// </param>
    public void Values(IEnumerable<double> expected, IEnumerable<float> actual, IEnumerable<double>? terms = null)
    {
        double[] left = [.. expected];
        float[] right = [.. actual];
        double rounded = terms is null ? 0 : terms.Max(Math.Abs) / (1 << 22);
        Mismatches += left.Zip(right).Count(pair => !Near(pair.First, pair.Second, rounded)) + Math.Abs(left.Length - right.Length);
    }

    /// <summary>Counts differences found elsewhere.</summary>
    public void Add(int mismatches) => Mismatches += mismatches;

    private static bool Near(double expected, float actual, double rounded) =>
        Math.Abs(expected - actual) <= (Relative * Math.Abs(expected)) + rounded + Rounding;
}
