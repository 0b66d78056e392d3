using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Encoders;
using KernelGen.Formats;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Learned codebooks against exhaustive search, and as matrices.</summary>
public sealed unsafe class LearnedCodebookTests
{
    [Fact]
    public void TheIntervalsAreTheBestOfAll()
    {
        Random random = new(81);
        for (int round = 0; round < 60; round++)
        {
            int count = random.Next(1, 11);
            int clusters = random.Next(1, 5);
            float[] numbers = [.. Enumerable.Range(0, count).Select(_ => random.Next(4) == 0 ? 0.25f : (float)random.NextDouble())];
            float[] importance = [.. Enumerable.Range(0, count).Select(_ => random.Next(5) == 0 ? 0 : (float)random.NextDouble())];
            float[] sorted = [.. numbers];
            float[] weights = [.. importance];
            float[] means = new float[clusters];
            new IntervalClusters(count, clusters).Find(sorted, weights, means);
            Assert.Equal(means.Order(), means);
            Assert.Equal(Best(sorted, weights, 0, clusters), Error(sorted, weights, means), 1e-6);
        }
    }

    [Fact]
    public void ARowHasTheWorkedExamplesTable()
    {
        // SqueezeLLM's worked example: outliers have no importance and are stored as 0.
        float[] w = [0.12f, -0.53f, 0.87f, -1.2f, 0.05f, 0.33f, -0.07f, 0, -0.41f, 0.66f, -0.95f, 0.18f, -0.02f, 1.07f, 0, 0.29f];
        float[] h = [1, 2, 1, 4, 1, 1, 1, 0, 2, 1, 3, 1, 1, 2, 0, 1];
        float[] expected = [-1.092857143f, -0.47f, -0.045f, 0.05f, 0.15f, 0.31f, 0.66f, 1.003333333f];
        float[] means = new float[8];
        new IntervalClusters(16, 8).Find([.. w], [.. h], means);
        Assert.True(Error(w, h, means) <= Error(w, h, expected) + 1e-7);
        fixed (float* first = w)
        {
            using QuantizedMatrix matrix = new LearnedCodebookEncoder(h).Quantize(Learned3.Descriptor, new WeightRows(first, 16, 1, 16));
            float[] decoded = new float[16];
            matrix.DequantizeRow(0, decoded);
            float[] table = [.. means.Select(mean => (float)(Half)mean)];
            Assert.Equal(w.Select(x => table.MinBy(entry => Math.Abs((double)entry - x))), decoded);
        }
    }

    [Fact]
    public void FewerDistinctWeightsThanEntriesAreExact()
    {
        float[] w = [.. Enumerable.Range(0, 3 * 37).Select(i => (float)((i * 5 % 7) - 3))];
        fixed (float* first = w)
        {
            using QuantizedMatrix matrix = new LearnedCodebookEncoder().Quantize(Learned3.Descriptor, new WeightRows(first, 37, 3, 37));
            float[] row = new float[37];
            for (int o = 0; o < 3; o++)
            {
                matrix.DequantizeRow(o, row);
                Assert.Equal(w[(o * 37)..((o + 1) * 37)], row);
            }
        }
    }

    [Fact]
    public void ThreadsDoNotMatterAndTheErrorIsThatOfTheBestTable()
    {
        float[] w = TestInputs.Normal(16 * 1000, new Random(82));
        fixed (float* first = w)
        {
            WeightRows rows = new(first, 1000, 16, 1000);
            using QuantizedMatrix one = new LearnedCodebookEncoder().Quantize(Learned4.Descriptor, rows, 1);
            using QuantizedMatrix three = new LearnedCodebookEncoder().Quantize(Learned4.Descriptor, rows, 3);
            float[] a = new float[1000];
            float[] b = new float[1000];
            double error = 0;
            for (int o = 0; o < 16; o++)
            {
                one.DequantizeRow(o, a);
                three.DequantizeRow(o, b);
                Assert.Equal(a, b);
                error += a.Select((x, i) => Math.Pow(x - w[(o * 1000) + i], 2)).Sum();
            }

            // The best 16 levels of a normal distribution leave 0.0095 of its energy.
            Assert.InRange(error / w.Sum(x => (double)x * x), 0.007, 0.0105);
        }
    }

    /// <summary>A table per input is the table per row of the transposed weights.</summary>
    [Fact]
    public void AColumnHasTheTableOfARowOfTheTransposedWeights()
    {
        const int Outputs = 300;
        const int Inputs = 37;
        Random random = new(83);
        float[] w = TestInputs.Normal(Outputs * Inputs, random);
        float[] h = [.. w.Select(_ => random.Next(4) == 0 ? 0 : random.NextSingle())];
        foreach (bool isWeighted in (bool[])[false, true])
        {
            LearnedCodebookEncoder encoder = isWeighted ? new(h) : new();
            LearnedCodebookEncoder transposedEncoder = isWeighted ? new(Transposed(h)) : new();
            float[] transposed = Transposed(w);
            fixed (float* first = w, firstTransposed = transposed)
            {
                using QuantizedMatrix columns = encoder.Quantize(ClaqColumn4.Structure.Cells[0], new WeightRows(first, Inputs, Outputs, Inputs), 1);
                using QuantizedMatrix threads = encoder.Quantize(ClaqColumn4.Structure.Cells[0], new WeightRows(first, Inputs, Outputs, Inputs), 3);
                using QuantizedMatrix rows = transposedEncoder.Quantize(Learned4.Descriptor, new WeightRows(firstTransposed, Outputs, Inputs, Outputs));
                Assert.Equal(Decoded(rows), Transposed(Decoded(columns)));
                Assert.Equal(Decoded(columns), Decoded(threads));
            }
        }

        static float[] Decoded(QuantizedMatrix matrix)
        {
            float[] all = new float[matrix.Outputs * matrix.Inputs];
            for (int row = 0; row < matrix.Outputs; row++)
            {
                matrix.DequantizeRow(row, all.AsSpan(row * (int)matrix.Inputs, (int)matrix.Inputs));
            }

            return all;
        }

        static float[] Transposed(float[] from) =>
            [.. Enumerable.Range(0, from.Length).Select(at => from[(at % Outputs * Inputs) + (at / Outputs)])];
    }

    [Fact]
    public void ColumnsOfMostOutliersHaveTheWiderCodes()
    {
        const int Outputs = 64;
        const int Inputs = 40;
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(84));
        int[] wide = [3, 17, 31];
        for (int row = 0; row < Outputs; row += 5)
        {
            foreach (int column in wide)
            {
                w[(row * Inputs) + column] *= 40;
            }
        }

        using StructuredMatrix<Claq24> matrix = new ColumnWidthEncoder(3 / 40.0).Quantize<Claq24>(w, Outputs, Inputs);
        Assert.Equal([37L, 3], matrix.PartInputs);
        using TensorSet tensors = matrix.ToTensors();
        Assert.Equal(wide, Enumerable.Range(0, Inputs).Where(i => tensors["mask"].GetBits(i) == 1));
        float[] row0 = new float[Inputs];
        matrix.DequantizeRow(0, row0);
        fixed (float* first = w)
        {
            using QuantizedMatrix all = new LearnedCodebookEncoder().Quantize(ClaqColumn4.Structure.Cells[0], new WeightRows(first, Inputs, Outputs, Inputs));
            float[] four = new float[Inputs];
            all.DequantizeRow(0, four);
            Assert.All(wide, column => Assert.Equal(four[column], row0[column]));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new ColumnWidthEncoder(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ColumnWidthEncoder(0.1, 0));
        Assert.False(new ColumnWidthEncoder().Accepts(ClaqColumn2.Structure));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        float weight = 1;
        WeightRows rows = new(&weight, 1, 1, 1);
        Assert.Throws<ArgumentException>(() => new LearnedCodebookEncoder().Quantize(NF4.Descriptor, rows));
        Assert.Throws<ArgumentException>(() => new LearnedCodebookEncoder([1, 2]).Quantize(Learned3.Descriptor, rows));
        Assert.Throws<ArgumentException>(() => new LearnedCodebookEncoder([-1]));
        Assert.Throws<ArgumentException>(() => new LearnedCodebookEncoder([float.NaN]));
        Assert.Equal(3 + (16 * 8 / 4096.0), Learned3.Descriptor.BitsPerWeight(4096, 4096), 12);
        Assert.Equal(4 + (16 * 16 / 4096.0), Learned4.Descriptor.BitsPerWeight(11008, 4096), 12);
    }

    private static double Error(float[] numbers, float[] importance, IReadOnlyList<float> means) =>
        numbers.Select((x, i) => importance[i] * means.Min(mean => Math.Pow((double)x - mean, 2))).Sum();

    /// <summary>The least error of any division of the numbers from the first into so many intervals.</summary>
    private static double Best(float[] sorted, float[] importance, int first, int clusters)
    {
        if (first == sorted.Length)
        {
            return 0;
        }

        double least = double.PositiveInfinity;
        for (int end = clusters == 1 ? sorted.Length : first + 1; end <= sorted.Length; end++)
        {
            double weight = importance[first..end].Sum(h => (double)h);
            double mean = weight > 0 ? Enumerable.Range(first, end - first).Sum(i => (double)importance[i] * sorted[i]) / weight : 0;
            double own = Enumerable.Range(first, end - first).Sum(i => importance[i] * Math.Pow(sorted[i] - mean, 2));
            least = Math.Min(least, own + (clusters == 1 ? 0 : Best(sorted, importance, end, clusters - 1)));
        }

        return least;
    }
}
