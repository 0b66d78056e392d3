using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Encoders;
using KernelGen.Formats;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Rows in groups: which, their scales and tables, and that products do not see the stored order.</summary>
public sealed class RowGroupTests
{
    private const int Outputs = 24;
    private const int Inputs = 200;

    [Fact]
    public void RowsOfLikeMagnitudeStandTogether()
    {
        float[] w = Weights(row => row % 3 == 0 ? 4 : row % 3 == 1 ? 1 : 0.25f);
        using TensorSet tensors = Encode<JlcmScale2>(new RowGroupEncoder(3), w);
        Assert.Equal(Enumerable.Range(0, Outputs).OrderBy(row => 2 - (row % 3)).ThenBy(row => row), Bits(tensors["order"]));
        Assert.Equal([8, 8, 8], Bits(tensors["runs"]));
        for (int group = 0; group < 3; group++)
        {
            float largest = Enumerable.Range(0, w.Length).Where(at => 2 - (at / Inputs % 3) == group).Max(at => Math.Abs(w[at]));
            Assert.Equal((float)(Half)largest, tensors["scale"].GetNumber(group));
        }
    }

    [Fact]
    public void RowsOfOneMagnitudeAreOneGroup()
    {
        float[] w = [.. Enumerable.Range(0, Outputs * Inputs).Select(at => at % 2 == 0 ? 1f : -1f)];
        using TensorSet tensors = Encode<JlcmTable2>(new RowGroupEncoder(5), w);
        Assert.Equal([Outputs], Bits(tensors["runs"]));
        Assert.Equal([-1f, 1, 1, 1], Enumerable.Range(0, 4).Select(number => tensors["codebook"].GetNumber(number)));
    }

    /// <summary>With scales or without, a table for each run or one: what can be stored exactly is, in the order of the outputs.</summary>
    [Fact]
    public void WeightsOfFewNumbersAreExactInTheirOwnOrder()
    {
        Random random = new(91);
        float[] scales = [2, 0.5f, 8];
        int[] order = [.. Enumerable.Range(0, Outputs)];
        random.Shuffle(order);
        int[] lengths = [11, 1, 12];
        int[] groups = [.. Enumerable.Range(0, Outputs).Select(output => Array.IndexOf(order, output)).Select(row => row < 11 ? 0 : row < 12 ? 1 : 2)];
        float[] table = [-1, -0.25f, 0.5f, 0.75f];
        float[] w = [.. Enumerable.Range(0, Outputs * Inputs).Select(at => scales[groups[at / Inputs]] * (at % Inputs < 4 ? table[at % Inputs] : table[random.Next(4)]))];
        RowGroupEncoder encoder = new(order, lengths);
        using StructuredMatrix<JlcmScale2> scaled = encoder.Quantize<JlcmScale2>(w, Outputs, Inputs);
        using StructuredMatrix<JlcmTable2> tables = encoder.Quantize<JlcmTable2>(w, Outputs, Inputs, threads: 3);
        foreach (StructuredMatrix matrix in (StructuredMatrix[])[scaled, tables])
        {
            float[] row = new float[Inputs];
            for (int output = 0; output < Outputs; output++)
            {
                matrix.DequantizeRow(output, row);
                Assert.Equal(w[(output * Inputs)..((output + 1) * Inputs)], row);
            }

            float[] x = [.. Enumerable.Range(0, Inputs).Select(i => (float)((i * 7 % 5) - 2))];
            float[] y = new float[Outputs];
            matrix.Multiply(x, 1, y, new MultiplyOptions { Mode = ComputeMode.Float32 });
            Assert.Equal(Enumerable.Range(0, Outputs).Select(output => (float)x.Select((value, i) => (double)value * w[(output * Inputs) + i]).Sum()), y);
        }

        Assert.Equal(3, scaled.Slabs);
    }

    /// <summary>The best 4 levels of a normal distribution leave 0.1175 of its energy; scales of the groups take the differences between rows out.</summary>
    [Fact]
    public void ManyWeightsHaveNearlyTheBestTable()
    {
        float[] w = Weights(_ => 1, 400);
        Assert.True(w.Length > 65536);
        using StructuredMatrix<JlcmTable2> matrix = new RowGroupEncoder(1).Quantize<JlcmTable2>(w, 400, Inputs);
        double error = 0;
        float[] row = new float[Inputs];
        for (int output = 0; output < 400; output++)
        {
            matrix.DequantizeRow(output, row);
            error += row.Select((value, i) => Math.Pow(value - w[(output * Inputs) + i], 2)).Sum();
        }

        Assert.InRange(error / w.Sum(x => (double)x * x), 0.113, 0.121);
    }

    [Fact]
    public void GroupsThatAreNoneAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowGroupEncoder(0));
        Assert.Throws<ArgumentException>(() => new RowGroupEncoder([0, 0, 2], [3]));
        Assert.Throws<ArgumentException>(() => new RowGroupEncoder([0, 1, 2], [2]));
        Assert.Throws<ArgumentException>(() => new RowGroupEncoder([0, 1, 2], [3, 0]));
        Assert.Throws<ArgumentException>(() => new RowGroupEncoder([0, 1, 2], [3]).Quantize<JlcmTable2>(new float[8], 2, 4));
        Assert.False(new RowGroupEncoder(1).Accepts(ClaqColumn2.Structure));
        Assert.False(new RowGroupEncoder(1).Accepts(TriLm.Structure));
        Assert.True(new RowGroupEncoder(1).Accepts(JlcmScale2.Structure));
        Assert.True(new RowGroupEncoder(1).Accepts(JlcmTable2.Structure));
    }

    private static float[] Weights(Func<int, float> scale, int outputs = Outputs)
    {
        float[] w = TestInputs.Normal(outputs * Inputs, new Random(90));
        return [.. w.Select((x, at) => x * scale(at / Inputs))];
    }

    private static unsafe TensorSet Encode<TFormat>(StructureEncoder encoder, float[] w)
        where TFormat : struct, IStructuredFormat<TFormat>
    {
        fixed (float* first = w)
        {
            return encoder.Encode(TFormat.Structure, new WeightRows(first, Inputs, Outputs, Inputs));
        }
    }

    private static IEnumerable<int> Bits(StoredTensor tensor) => [.. Enumerable.Range(0, (int)tensor.Info.Count).Select(i => (int)tensor.GetBits(i))];
}
