using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Encoders;

namespace KernelGen.Conformance.Ggml;

/// <summary>Runs the generated kernels of the declared ggml types over a folder of ggml vectors.</summary>
internal static class GgmlCheck
{
    /// <summary>The types whose encoder is a formula: byte for byte reproducible. The others' encoders search.</summary>
    private static readonly HashSet<string> s_formulas = new(StringComparer.OrdinalIgnoreCase)
    {
        "f16", "bf16", "q4_0", "q4_1", "q5_0", "q5_1", "q8_0", "q8_1", "q8_K", "q1_0", "q2_0", "tq1_0", "tq2_0", "mxfp4", "nvfp4",
    };

    /// <summary>Checks a folder and prints one line per type.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">Where the lines go.</param>
    /// <returns>0, or 1 when anything differs.</returns>
    public static int Run(string folder, TextWriter output)
    {
        GgmlVectors vectors = GgmlVectors.Read(folder);
        bool differs = false;
        foreach (GgmlResult result in vectors.Types.Select(type => Check(vectors, type)))
        {
            output.WriteLine(result);
            differs |= result.Decode is > 0 || result.Encode is > 0;
        }

        return differs ? 1 : 0;
    }

    private static GgmlResult Check(GgmlVectors vectors, string type)
    {
        FormatDescriptor? descriptor = GgmlTypes.Find(type);
        if (descriptor is null)
        {
            return new(type, "unsupported", null, null);
        }

        if (vectors.Shapes.TryGetValue(type, out GgmlVectors.Shape? shape)
            && !HasShape(descriptor, shape))
        {
            return new(type, $"unsupported (declared with {descriptor.BlockInputs} weights in {descriptor.BlockBytes} bytes)", null, null);
        }

        GeneratedFormat format = new(descriptor);
        long? decode = null;
        foreach (string suffix in (string[])["", ".im"])
        {
            if (Decode(vectors, type, suffix, format) is { } different)
            {
                decode = (decode ?? 0) + different;
            }
        }

        decode += format.Disagreements;
        int before = format.Disagreements;
        long? encode = null;
        if (s_formulas.Contains(type) && vectors.Quantized(type, "") is { } expected)
        {
            StoredMatrix stored = format.Quantize(vectors.Input, vectors.Rows, vectors.Inputs);
            encode = expected.Zip(stored.Blocks).LongCount(pair => pair.First != pair.Second)
                + Math.Abs(expected.Length - stored.Blocks.Length)
                + (format.Disagreements - before);
        }

        (double?, double?) searched = s_formulas.Contains(type) || !SearchedEncoder.Accepts(descriptor)
            ? default
            : (Search(vectors, type, descriptor, "", null), vectors.Importance is { } importance ? Search(vectors, type, descriptor, ".im", importance) : null);
        return new(type, decode is null ? "n/a" : null, decode, encode, searched);
    }

    /// <summary>The error of a searched encoding over that of ggml's bytes, each row's in units of its weights; null where ggml has none.</summary>
    private static double? Search(GgmlVectors vectors, string type, FormatDescriptor format, string suffix, float[]? importance)
    {
        if (vectors.Quantized(type, suffix) is not { } bytes)
        {
            return null;
        }

        using QuantizedMatrix theirs = QuantizedMatrix.FromBlocks(format, vectors.Rows, vectors.Inputs, bytes);
        using QuantizedMatrix ours = SearchedEncoder.Encode(format, vectors.Input, vectors.Rows, vectors.Inputs, importance);
        float[] decoded = new float[vectors.Inputs], zeros = new float[vectors.Inputs];
        ErrorWeighting weighting = GgmlObjective.Of(format.Name, importance is not null);
        double their = 0, our = 0;
        for (int row = 0; row < vectors.Rows; row++)
        {
            ReadOnlySpan<float> x = vectors.Input.AsSpan(row * vectors.Inputs, vectors.Inputs);
            double energy = WeightedError.OfRow(format, x, zeros, importance, weighting);
            theirs.DequantizeRow(row, decoded);
            their += WeightedError.OfRow(format, x, decoded, importance, weighting) / energy;
            ours.DequantizeRow(row, decoded);
            our += WeightedError.OfRow(format, x, decoded, importance, weighting) / energy;
        }

        return our / their;
    }

    /// <summary>Whether blocks are alike; rows that end anywhere may be declared in longer blocks of the same density.</summary>
    private static bool HasShape(FormatDescriptor format, GgmlVectors.Shape shape) =>
        (shape.BlockInputs == format.BlockInputs && shape.BlockBytes == format.BlockBytes)
        || (format.Ragged == RaggedRows.Short
            && format.BlockInputs % shape.BlockInputs == 0
            && shape.BlockBytes * (format.BlockInputs / shape.BlockInputs) == format.BlockBytes);

    /// <summary>Decoded values whose bits differ from ggml's, null where there is nothing to compare.</summary>
    private static long? Decode(GgmlVectors vectors, string type, string suffix, GeneratedFormat format)
    {
        if (vectors.Quantized(type, suffix) is not { } bytes || vectors.Decoded(type, suffix) is not { } expected)
        {
            return null;
        }

        float[] actual = format.Dequantize(new(vectors.Rows, vectors.Inputs, bytes, [], []));
        return expected.Zip(actual).LongCount(
            pair => BitConverter.SingleToInt32Bits(pair.First) != BitConverter.SingleToInt32Bits(pair.Second)
                && !(float.IsNaN(pair.First) && float.IsNaN(pair.Second)));
    }
}
