using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Tests.Kernels;

/// <summary>Weights and activations for tests.</summary>
internal static class TestInputs
{
    /// <summary>Normally distributed numbers.</summary>
    public static float[] Normal(int count, Random random, float deviation = 1) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];

    /// <summary>Rows of weights of every kind: normal, with outliers, of one sign, constant, tiny, huge, zero in part and in whole.</summary>
    public static IEnumerable<(string Kind, float[] Weights)> Weights(int inputs, Random random)
    {
        float[] normal = Normal(inputs, random, 0.05f);
        yield return ("normal", normal);
        yield return ("uniform", [.. normal.Select(_ => (2 * random.NextSingle()) - 1)]);
        yield return ("outliers", [.. normal.Select((w, k) => k % 37 == 11 ? 16 * w : w)]);
        yield return ("positive", [.. normal.Select(w => Math.Abs(w) + 0.5f)]);
        yield return ("negative", [.. normal.Select(w => -Math.Abs(w) - 0.5f)]);
        yield return ("constant", [.. normal.Select(_ => 0.5f)]);
        yield return ("tiny", [.. normal.Select(w => w * 1e-6f)]);
        yield return ("large", [.. normal.Select(w => w * 1000)]);
        yield return ("powers of two", [.. normal.Select((w, k) => MathF.ScaleB(w < 0 ? -1 : 1, k % 7))]);
        yield return ("half zero", [.. normal.Select((w, k) => k < inputs / 2 ? 0 : w)]);
        yield return ("zero", new float[inputs]);
        yield return ("minus zero", [.. normal.Select(_ => -0f)]);
    }
}
