using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Encoders;
using KernelGen.Formats;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Double quantization against its formulas; the worked examples are the conformance program's.</summary>
public sealed unsafe class NestedScaleTests
{
    private const int Group = 64;
    private const int Run = 64 * 256;

    public static TheoryData<int, int> Shapes => new() { { 3, Run }, { 2, 2 * Run }, { 37, 1728 }, { 9, 64 }, { 5, 100 }, { 1, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScalesAreThoseOfQLoRA(int outputs, int inputs)
    {
        float[] w = TestInputs.Normal(outputs * inputs, new Random(81), 0.05f);
        float[] largest = Largest(w, inputs, Group);
        float mean = (float)largest.Average(static x => (double)x);
        using StructuredMatrix<NF4DoubleQuant> matrix = new NestedScaleEncoder().Quantize<NF4DoubleQuant>(w, outputs, inputs);
        using TensorSet tensors = matrix.ToTensors();
        Assert.Equal(mean, tensors["offset"].GetNumber(0));

        // Where blocks fill rows, those of the flattened matrix follow each other so, 256 under one number.
        float[] nested = [.. largest.Chunk(256).Select(run => run.Max(x => Math.Abs(x - mean)))];
        Assert.Equal(nested, Numbers(tensors["nested"]));

        IReadOnlyList<float> map = NumbersOf<NF4DoubleQuant>("scale");
        float[] decoded = Decoded(matrix);
        float[] scales = [.. largest.Select((x, block) =>
        {
            float a = nested[block / 256];
            float r = a == 0 ? 0 : (x - mean) / a;
            return (float)((float)(a * map.MinBy(entry => Math.Abs((double)entry - r))) + mean);
        })];
        CheckWeights<NF4DoubleQuant>(w, inputs, decoded, scales, largest);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ScalesAreThoseOfLqLora(int outputs, int inputs)
    {
        Check<LqLoraNF3>(64, 256, 255);
        Check<LqLoraNF4>(64, 256, 255);
        Check<LqLoraNF2>(16, 64, 15);

        void Check<TFormat>(int group, int run, int most)
            where TFormat : struct, IStructuredFormat<TFormat>
        {
            float[] w = TestInputs.Normal(outputs * inputs, new Random(82), 0.05f);
            float[] largest = Largest(w, inputs, group);
            float least = largest.Min();
            using StructuredMatrix<TFormat> matrix = new NestedScaleEncoder().Quantize<TFormat>(w, outputs, inputs);
            using TensorSet tensors = matrix.ToTensors();
            Assert.Equal(least, tensors["offset"].GetNumber(0));

            // Groups of a row that ends inside a block of 64 inputs are counted with those of the block that have no weights.
            int present = (inputs + group - 1) / group;
            int counted = (inputs + 63) / 64 * 64 / group;
            int[] runs = [.. Enumerable.Range(0, largest.Length).Select(g => ((g / present * counted) + (g % present)) / run)];
            float[] nested = Numbers(tensors["nested"]);
            float[] scales = new float[largest.Length];
            for (int g = 0; g < scales.Length; g++)
            {
                float most2 = largest.Where((_, other) => runs[other] == runs[g]).Max() - least;
                float a = nested[runs[g]];
                Assert.Equal(most2, a, most2 / (tensors["nested"].Info.Type == ScalarType.BFloat16 ? 250 : tensors["nested"].Info.Type == ScalarType.Float16 ? 2000 : 1e9f));
                float code = a == 0 ? 0 : Math.Min(most, MathF.Round((largest[g] - least) * most / a));
                scales[g] = (float)((float)(a * (float)(code * (float)(1.0 / most))) + least);
            }

            CheckWeights<TFormat>(w, inputs, Decoded(matrix), scales, scales, group);
        }
    }

    [Fact]
    public void WeightsOfOneMagnitudeAndOfNoneAreKept()
    {
        float[] ones = [.. Enumerable.Range(0, 4 * 192).Select(static i => i % 2 == 0 ? 0.5f : -0.5f)];
        using StructuredMatrix<NF4DoubleQuant> same = new NestedScaleEncoder().Quantize<NF4DoubleQuant>(ones, 4, 192);
        Assert.Equal(ones, Decoded(same));
        using StructuredMatrix<LqLoraNF2> other = new NestedScaleEncoder().Quantize<LqLoraNF2>(ones, 4, 192);
        Assert.Equal(ones, Decoded(other));
        using StructuredMatrix<NF4DoubleQuant> zeros = new NestedScaleEncoder().Quantize<NF4DoubleQuant>(new float[300], 3, 100);
        Assert.All(Decoded(zeros), static x => Assert.Equal(0, x));
    }

    [Fact]
    public void OtherFormatsAreRefused()
    {
        NestedScaleEncoder encoder = new();
        Assert.Equal(
            ["LqLoraNF2", "LqLoraNF3", "LqLoraNF4", "NF4DoubleQuant"],
            KernelCase.Structures.Where(encoder.Accepts).Select(static format => format.Name).Order());
        Assert.False(new CellEncoder().Accepts(NF4DoubleQuant.Structure));
        Assert.False(new TileEncoder().Accepts(NF4DoubleQuant.Structure));
    }

    /// <summary>Decoded weights are scale times entry, the entry that is nearest to the weight over the scale codes are chosen against.</summary>
    private static void CheckWeights<TFormat>(float[] w, int inputs, float[] decoded, float[] scales, float[] divisors, int group = Group)
        where TFormat : struct, IStructuredFormat<TFormat>
    {
        IReadOnlyList<float> table = TFormat.Structure.Cells[0].Codes!.Numbers;
        int groups = (inputs + group - 1) / group;
        for (int i = 0; i < w.Length; i++)
        {
            int g = (i / inputs * groups) + (i % inputs / group);
            float entry = divisors[g] == 0 ? 0 : Nearest(table, w[i] / divisors[g]);
            Assert.Equal((float)(scales[g] * entry), decoded[i], Math.Abs(scales[g] * entry) * 1e-6f);
        }
    }

    private static float Nearest(IReadOnlyList<float> table, float x) => table.MinBy(entry => Math.Abs((double)entry - x));

    private static float[] Largest(float[] w, int inputs, int group) => [.. w.Chunk(inputs).SelectMany(row => row.Chunk(group).Select(static block => block.Max(Math.Abs)))];

    private static IReadOnlyList<float> NumbersOf<TFormat>(string parameter)
        where TFormat : struct, IStructuredFormat<TFormat> => TFormat.Structure.Cells[0].Parameters.Single(p => p.Name == parameter).Numbers;

    private static float[] Numbers(StoredTensor tensor) => [.. Enumerable.Range(0, (int)tensor.Info.Count).Select(i => tensor.GetNumber(i))];

    private static float[] Decoded(StructuredMatrix matrix)
    {
        float[] all = new float[matrix.Outputs * matrix.Inputs];
        for (int row = 0; row < matrix.Outputs; row++)
        {
            matrix.DequantizeRow(row, all.AsSpan((int)(row * matrix.Inputs), (int)matrix.Inputs));
        }

        return all;
    }
}
