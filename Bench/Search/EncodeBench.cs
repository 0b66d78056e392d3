using System;
using System.Collections.Generic;
using System.Diagnostics;
using KernelGen.Bench.Peers;
using KernelGen.Conformance.Ggml;
using KernelGen.Encoders;

namespace KernelGen.Bench.Search;

/// <summary>A searched encoder beside ggml's on the same weights.</summary>
/// <param name="Format">The format.</param>
/// <param name="Importance">Whether with an importance vector.</param>
/// <param name="Rate">Millions of weights a second, one thread.</param>
/// <param name="Nmse">Squared error over squared weights.</param>
/// <param name="PeerRate">ggml's rate, one thread, or null.</param>
/// <param name="Weighted">The error that ggml minimises, over ggml's.</param>
/// <param name="Plain">Squared error over ggml's.</param>
internal sealed record EncodeFigure(string Format, bool Importance, double Rate, double Nmse, double? PeerRate, double? Weighted, double? Plain);

/// <summary>Times encoders and compares their errors.</summary>
internal static unsafe class EncodeBench
{
    /// <summary>Measures a format without and with importance, as far as ggml can.</summary>
    /// <param name="format">A format that is searched.</param>
    /// <param name="weights">Weights [rows, inputs].</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="peer">ggml's type, or null.</param>
    /// <param name="seconds">Least time each encoder is repeated for.</param>
    public static IEnumerable<EncodeFigure> Measure(FormatDescriptor format, float[] weights, int inputs, GgmlFormat? peer, double seconds)
    {
        foreach (bool important in (bool[])[false, true])
        {
            if (!important && peer is { NeedsImportance: true })
            {
                continue;
            }

            yield return Measure(format, weights, inputs, important ? Importance(inputs) : null, peer, seconds);
        }
    }

    private static EncodeFigure Measure(FormatDescriptor format, float[] weights, int inputs, float[]? importance, GgmlFormat? peer, double seconds)
    {
        int rows = weights.Length / inputs;
        SearchOptions options = new() { Threads = 1 };
        double rate = Rate(weights.Length, seconds, () => SearchedEncoder.Encode(format, weights, rows, inputs, importance, options).Dispose());
        using QuantizedMatrix ours = SearchedEncoder.Encode(format, weights, rows, inputs, importance, options);
        (double weighted, double plain, double energy) = Errors(ours, weights, importance);
        if (peer is null)
        {
            return new EncodeFigure(format.Name, importance is not null, rate, plain / energy, null, null, null);
        }

        byte[] blocks = new byte[rows * format.RowBytes(inputs)];
        double peerRate = Rate(weights.Length, seconds, () =>
        {
            fixed (float* x = weights, p = importance)
            fixed (byte* to = blocks)
            {
                peer.Encode(x, to, rows, inputs, p);
            }
        });
        using QuantizedMatrix theirs = QuantizedMatrix.FromBlocks(format, rows, inputs, blocks);
        (double theirWeighted, double theirPlain, _) = Errors(theirs, weights, importance);
        return new EncodeFigure(format.Name, importance is not null, rate, plain / energy, peerRate, weighted / theirWeighted, plain / theirPlain);
    }

    /// <summary>The best rate of repeated runs, in millions of weights a second.</summary>
    private static double Rate(int count, double seconds, Action encode)
    {
        double best = double.PositiveInfinity;
        Stopwatch all = Stopwatch.StartNew();
        for (int i = 0; i < 3 || all.Elapsed.TotalSeconds < seconds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            encode();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return count / best / 1e6;
    }

    private static (double Weighted, double Plain, double Energy) Errors(QuantizedMatrix matrix, float[] weights, float[]? importance)
    {
        int inputs = (int)matrix.Inputs;
        float[] decoded = new float[inputs], zeros = new float[inputs];
        ErrorWeighting weighting = GgmlObjective.Of(matrix.Format.Name, importance is not null);
        double weighted = 0, plain = 0, energy = 0;
        for (int row = 0; row < matrix.Outputs; row++)
        {
            ReadOnlySpan<float> x = weights.AsSpan(row * inputs, inputs);
            matrix.DequantizeRow(row, decoded);
            weighted += WeightedError.OfRow(matrix.Format, x, decoded, importance, weighting);
            plain += WeightedError.OfRow(matrix.Format, x, decoded, default, ErrorWeighting.Uniform);
            energy += WeightedError.OfRow(matrix.Format, x, zeros, default, ErrorWeighting.Uniform);
        }

        return (weighted, plain, energy);
    }

    /// <summary>Made-up importance between 0.25 and 1.75.</summary>
    private static float[] Importance(int inputs)
    {
        float[] importance = new float[inputs];
        ulong state = 7;
        for (int i = 0; i < inputs; i++)
        {
            state = (state * 6364136223846793005) + 1442695040888963407;
            importance[i] = 0.25f + ((state >> 40) * 1.5f / (1 << 24));
        }

        return importance;
    }
}
