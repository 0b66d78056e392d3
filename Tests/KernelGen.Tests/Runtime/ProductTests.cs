using System;
using System.Threading.Tasks;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class ProductTests
{
    private const int MostRows = 13;
    private const int MostOutputs = 33;

    private static readonly int[] Outputs = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33];

    private static readonly WorkerPool Pool = new(3);

    public static TheoryData<int, ComputeMode> Cases()
    {
        TheoryData<int, ComputeMode> cases = [];
        foreach (int k in (int[])[1, 31, 32, 33, 64, 172, 2880])
        {
            cases.Add(k, ComputeMode.Int8);
            cases.Add(k, ComputeMode.Float32);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryShapeHasTheReferenceBits(int k, ComputeMode mode)
    {
        float[] weights = Data.Random(MostOutputs * k, 1);
        float[] activations = Data.Random(MostRows * k, 2);
        (float[,] dots, float[,] tiles) = Expected(weights, k, activations, mode);
        foreach (int n in Outputs)
        {
            using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights.AsSpan(0, n * k), n, k);
            foreach (bool packed in (bool[])[false, true])
            {
                if (packed)
                {
                    matrix.Pack();
                }

                for (int m = 0; m <= MostRows; m++)
                {
                    for (int threads = 1; threads <= 3; threads++)
                    {
                        Check(matrix, activations, m, new OutputRectangle(0, m, 0, n), mode, threads, !packed && m <= 2 ? dots : tiles);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void RectanglesHaveTheBitsOfTheWhole(int k, ComputeMode mode)
    {
        float[] weights = Data.Random(MostOutputs * k, 3);
        float[] activations = Data.Random(MostRows * k, 4);
        (float[,] dots, float[,] tiles) = Expected(weights, k, activations, mode);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, MostOutputs, k);
        int[] cuts = [0, 1, 3, 8, 9, 15, 16, 23, 24, 31, 32, 33];
        foreach (bool packed in (bool[])[false, true])
        {
            if (packed)
            {
                matrix.Pack();
            }

            foreach (int m in (int[])[1, 2, 7, 13])
            {
                float[,] expected = !packed && m <= 2 ? dots : tiles;
                for (int i = 0; i < cuts.Length; i++)
                {
                    for (int j = i; j < cuts.Length; j++)
                    {
                        int firstRow = (i + j) % m;
                        int endRow = firstRow + ((i * 5) + j) % (m - firstRow + 1);
                        Check(matrix, activations, m, new OutputRectangle(firstRow, endRow, cuts[i], cuts[j]), mode, 1 + ((i + j) % 3), expected);
                    }
                }
            }
        }
    }

    [Fact]
    public void ManyRowsAreCutIntoPartsWithTheSameBits()
    {
        const int K = 64;
        const int M = 700;
        const int N = 11;
        float[] weights = Data.Random(N * K, 5);
        float[] activations = Data.Random(M * K, 6);
        float[,] int8 = Data.Int8(weights, N, K, activations, M);
        float[,] float32 = Data.Float32(weights, N, K, activations, M, Float32Tiles.StretchInputs);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, N, K);
        for (int threads = 1; threads <= 3; threads++)
        {
            Check(matrix, activations, M, new OutputRectangle(0, M, 0, N), ComputeMode.Int8, threads, int8);
            Check(matrix, activations, M, new OutputRectangle(1, M - 2, 2, 9), ComputeMode.Float32, threads, float32);
        }
    }

    [Fact]
    public void SpansGiveTheSameAsPointers()
    {
        const int K = 172;
        float[] weights = Data.Random(17 * K, 7);
        float[] activations = Data.Random(5 * K, 8);
        float[,] expected = Data.Int8(weights, 17, K, activations, 5);
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(FakeFormat.Descriptor, weights, 17, K);
        float[] output = new float[5 * 17];
        matrix.Multiply(activations, 5, output);
        for (int i = 0; i < output.Length; i++)
        {
            Assert.Equal(expected[i / 17, i % 17], output[i]);
        }
    }

    [Fact]
    public void CallersAtOnceDoNotDisturbEachOther()
    {
        const int K = 172;
        const int M = 13;
        float[] weights = Data.Random(MostOutputs * K, 9);
        float[] activations = Data.Random(M * K, 10);
        float[,] int8 = Data.Int8(weights, MostOutputs, K, activations, M);
        float[,] float32 = Data.Float32(weights, MostOutputs, K, activations, M, Float32Tiles.StretchInputs);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, MostOutputs, K);
        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            if (i % 10 == 3)
            {
                matrix.Pack();
            }
            else if (i % 10 == 7)
            {
                matrix.Unpack();
            }

            ComputeMode mode = (ComputeMode)(i % 2);
            Check(matrix, activations, M, new OutputRectangle(0, M, 0, MostOutputs), mode, 3, mode == ComputeMode.Int8 ? int8 : float32);
        });
    }

    [Theory]
    [InlineData(ComputeMode.Int8, float.NaN)]
    [InlineData(ComputeMode.Int8, float.PositiveInfinity)]
    [InlineData(ComputeMode.Float32, float.NaN)]
    public void NonFiniteActivationsSpoilTheirRowOnly(ComputeMode mode, float bad)
    {
        const int K = 70;
        const int N = 9;
        float[] weights = Data.Random(N * K, 11);
        float[] activations = Data.Random(4 * K, 12);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, N, K);
        MultiplyOptions options = new() { Mode = mode };
        float[] before = new float[4 * N];
        float[] after = new float[4 * N];
        matrix.Multiply(activations, 4, before, options);
        activations[(2 * K) + 40] = bad;
        matrix.Multiply(activations, 4, after, options);
        for (int i = 0; i < after.Length; i++)
        {
            if (i / N == 2)
            {
                Assert.True(float.IsNaN(after[i]));
            }
            else
            {
                Assert.Equal(before[i], after[i]);
            }
        }
    }

    private static (float[,] Dots, float[,] Tiles) Expected(float[] weights, int k, float[] activations, ComputeMode mode)
    {
        if (mode == ComputeMode.Int8)
        {
            float[,] all = Data.Int8(weights, MostOutputs, k, activations, MostRows);
            return (all, all);
        }

        return (Data.Float32(weights, MostOutputs, k, activations, MostRows, k),
            Data.Float32(weights, MostOutputs, k, activations, MostRows, Float32Tiles.StretchInputs));
    }

    private static void Check(
        QuantizedMatrix matrix, float[] activations, int m, OutputRectangle part, ComputeMode mode, int threads, float[,] expected)
    {
        using GuardedOutput output = new(m, (int)matrix.Outputs);
        fixed (float* x = activations)
        {
            matrix.Multiply(
                x, matrix.Inputs, m, output.Pointer, output.Stride, part, new MultiplyOptions { Mode = mode, Threads = threads, Pool = Pool });
        }

        output.Check(expected, part, $"{mode}, {matrix}, packed {matrix.IsPacked}, M {m}, {threads} threads");
    }
}
