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

    /// <summary>
    /// Weights that try an encoder's corners: equal magnitudes of both signs (the first counts), zeros of both signs at the end of
    /// the range, ties in rounding, f32 and f16 subnormals, what overflows f16 and nearly f32, single weights.
    /// </summary>
    public static IEnumerable<(string Kind, float[] Weights)> SpecialWeights(int inputs, Random random)
    {
        float[] normal = Normal(inputs, random, 0.05f);
        float Sign() => random.Next(2) == 0 ? -1 : 1;
        yield return ("equal magnitudes", [.. normal.Select(_ => 0.75f * Sign())]);
        yield return ("alternating, positive first", [.. normal.Select((_, k) => k % 2 == 0 ? 1.25f : -1.25f)]);
        yield return ("alternating, negative first", [.. normal.Select((_, k) => k % 2 == 0 ? -1.25f : 1.25f)]);
        yield return ("zeros of both signs below the rest", [.. normal.Select(w => random.Next(3) == 0 ? 0f * Sign() : Math.Abs(w))]);
        yield return ("zeros of both signs above the rest", [.. normal.Select(w => random.Next(3) == 0 ? 0f * Sign() : -Math.Abs(w))]);
        yield return ("zeros of both signs", [.. normal.Select(_ => 0f * Sign())]);
        foreach (int top in new[] { 1, 7, 8, 15, 16, 31, 127, 128, 255 })
        {
            yield return ($"halves up to {top}", [.. normal.Select((_, k) => k % 29 == 3 ? -top : random.Next(-2 * top, (2 * top) + 1) / 2f)]);
            yield return ($"just below halves up to {top}", [.. normal.Select((_, k) => k % 29 == 3 ? top : MathF.BitDecrement(random.Next(-2 * top, (2 * top) + 1) / 2f))]);
        }

        yield return ("f32 subnormal", [.. normal.Select(w => w * 1e-37f)]);
        yield return ("least", [.. normal.Select(_ => float.Epsilon * random.Next(-3, 4))]);
        yield return ("f16 subnormal", [.. normal.Select(w => w * 1e-5f)]);
        yield return ("above f16", [.. normal.Select(w => w * 1e9f)]);
        yield return ("huge", [.. normal.Select(w => (float)Math.Clamp(w * 4e39, -float.MaxValue, float.MaxValue))]);
        yield return ("largest", [.. normal.Select(_ => float.MaxValue * Sign())]);
        yield return ("one", [.. normal.Select((_, k) => k == inputs / 2 ? -3f : 0)]);
        yield return ("one of both signs", [.. normal.Select((_, k) => k == inputs / 3 ? 3f : k == inputs / 2 ? -3f : -0f)]);
    }
}
