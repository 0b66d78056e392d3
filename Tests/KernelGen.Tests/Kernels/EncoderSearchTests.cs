using System;
using System.Linq;
using KernelGen.Formats;
using KernelGen.Probes;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Encoders that search: what they keep is no worse than what they tried.</summary>
public class EncoderSearchTests
{
    private const int Rows = 16;
    private const int Inputs = 256;

    [Fact]
    public void SmallerRangesLowerTheError()
    {
        float[] weights = TestInputs.Normal(Rows * Inputs, new Random(3));
        double whole = Error(weights, Decoded<WholeZero>(weights), 0, weights.Length);
        double shrunk = Error(weights, Decoded<ShrunkZero>(weights), 0, weights.Length);
        Assert.InRange(shrunk, 0.5 * whole, 0.95 * whole);
    }

    /// <summary>Every table tried by hand, each weight with the nearest value under the largest scale; the stored scale is an f16.</summary>
    [Fact]
    public void TheTableOfLeastErrorIsChosen()
    {
        const int Group = 128;
        float[][] tables = [[-4, -2, -1, 0, 1, 2, 3, 4], [-4, -3, -2, -1, 0, 1, 2, 4], [-4, -2, -1, 0, 1, 2, 4, 6], [-6, -4, -2, -1, 0, 1, 2, 4]];
        float[] weights = TestInputs.Normal(Rows * Inputs, new Random(4));
        float[] decoded = Decoded<BitModFp3>(weights);
        for (int first = 0; first < weights.Length; first += Group)
        {
            float[] group = weights[first..(first + Group)];
            float largest = group.Max(Math.Abs);
            double least = tables.Min(table =>
            {
                double scale = largest / table.Max(Math.Abs);
                return group.Sum(x => table.Min(value => Math.Pow(x - (scale * value), 2)));
            });
            Assert.InRange(Error(weights, decoded, first, Group), 0.99 * least, 1.01 * least);
        }
    }

    [Fact]
    public void FittedScalesAndMeansLowerTheError()
    {
        float[] weights = [.. TestInputs.Normal(Rows * Inputs, new Random(5)).Select(x => x > 0 ? x * x : x)];
        float[] decoded = Decoded<CentredSigns>(weights);
        for (int first = 0; first < weights.Length; first += 32)
        {
            float[] group = weights[first..(first + 32)];
            double mean = group.Average(x => (double)x);
            double scale = group.Average(x => Math.Abs(x - mean));
            double centred = group.Sum(x => Math.Pow(x - mean - (x >= mean ? scale : -scale), 2));
            Assert.InRange(Error(weights, decoded, first, 32), 0, 1.01 * centred);
        }
    }

    private static float[] Decoded<TFormat>(float[] weights)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        using QuantizedMatrix<TFormat> matrix = QuantizedMatrix<TFormat>.Quantize(weights, Rows, Inputs);
        float[] decoded = new float[weights.Length];
        for (int row = 0; row < Rows; row++)
        {
            matrix.DequantizeRow(row, decoded.AsSpan(row * Inputs, Inputs));
        }

        return decoded;
    }

    private static double Error(float[] weights, float[] decoded, int first, int count) =>
        Enumerable.Range(first, count).Sum(i => Math.Pow((double)weights[i] - decoded[i], 2));
}
