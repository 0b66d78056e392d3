using System;
using System.Linq;
using KernelGen.Encoders;

namespace KernelGen.Tests.Encoders;

/// <summary>The weights and importance on which ggml's errors in <c>ggml-errors.tsv</c> were recorded: integers of a congruential generator, so the same anywhere.</summary>
internal static class GgmlWeights
{
    /// <summary>Rows: four normal, one uniform, one with outliers, two whose scale changes along the row.</summary>
    public const int Rows = 8;

    /// <summary>Inputs of a row.</summary>
    public const int Inputs = 512;

    /// <summary>The weights, row after row.</summary>
    public static float[] Weights()
    {
        ulong state = 42;
        float[] weights = new float[Rows * Inputs];
        for (int i = 0; i < weights.Length; i++)
        {
            int row = i / Inputs, column = i % Inputs;
            int sum = -6 << 24;
            for (int draw = 0; draw < 12; draw++)
            {
                sum += Next(ref state);
            }

            float normal = (float)sum / (1 << 24);
            weights[i] = row switch
            {
                4 => (float)((sum << 3 >> 4) & 0xFFFFFF) / (1 << 23) - 1,
                5 => column % 97 == 13 ? 16 * normal : normal,
                6 or 7 => normal * (1 + (column / 64)),
                _ => normal,
            };
        }

        return weights;
    }

    /// <summary>Importance by input, 0.25 to 1.75.</summary>
    public static float[] Importance(int inputs)
    {
        ulong state = 7;
        return [.. Enumerable.Range(0, inputs).Select(_ => 0.25f + ((float)Next(ref state) / (1 << 24) * 1.5f))];
    }

    /// <summary>The error of the searched encoding: each row's in units of its weights, as <see cref="WeightedError"/> measures with ggml's weighting.</summary>
    public static double Error(FormatDescriptor format, float[] importance, bool hasImportance)
    {
        float[] weights = Weights();
        using QuantizedMatrix matrix = SearchedEncoder.Encode(format, weights, Rows, Inputs, importance);
        return Error(matrix, weights, importance, Weighting(format.Name, hasImportance));
    }

    /// <summary>The same of an encoding that is there.</summary>
    public static double Error(QuantizedMatrix matrix, float[] weights, float[] importance, ErrorWeighting weighting)
    {
        float[] decoded = new float[Inputs], zeros = new float[Inputs];
        double sum = 0;
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> x = weights.AsSpan(row * Inputs, Inputs);
            matrix.DequantizeRow(row, decoded);
            sum += WeightedError.OfRow(matrix.Format, x, decoded, importance, weighting) / WeightedError.OfRow(matrix.Format, x, zeros, importance, weighting);
        }

        return sum;
    }

    private static ErrorWeighting Weighting(string type, bool hasImportance) => (type, hasImportance) switch
    {
        ("Q6_K", true) => ErrorWeighting.Uniform,
        ("Q2_K", false) => ErrorWeighting.Magnitude,
        _ => ErrorWeighting.Default,
    };

    private static int Next(ref ulong state)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return (int)(state >> 40);
    }
}
