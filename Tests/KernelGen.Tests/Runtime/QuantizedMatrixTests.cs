using System;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class QuantizedMatrixTests
{
    [Fact]
    public void QuantizedRowsComeBackWithinTheBound()
    {
        const int N = 19;
        const int K = 172;
        float[] weights = Data.Random(N * K, 1);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, N, K, 2);
        float[] row = new float[K];
        float[] all = new float[N * (K + 3)];
        fixed (float* first = all)
        {
            matrix.DequantizeRows(0, N, first, K + 3);
        }

        for (int n = 0; n < N; n++)
        {
            matrix.DequantizeRow(n, row);
            for (int i = 0; i < K; i++)
            {
                Assert.Equal(row[i], all[(n * (K + 3)) + i]);
                Assert.InRange(row[i], weights[(n * K) + i] - 0.004, weights[(n * K) + i] + 0.004);
            }
        }

        Assert.Null(matrix.Validate());
        Assert.Equal(matrix.ByteCount, (long)Math.Round(FakeFormat.Descriptor.BitsPerWeight(N, K) * N * K / 8));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 171)]
    [InlineData(18, 40)]
    public void NonFiniteWeightsAreNamedByPlace(int row, int column)
    {
        const int N = 19;
        const int K = 172;
        float[] weights = Data.Random(N * K, 1);
        weights[(row * K) + column] = float.NegativeInfinity;
        weights[^1] = float.NaN;
        for (int threads = 1; threads <= 3; threads++)
        {
            NonFiniteWeightException thrown = Assert.Throws<NonFiniteWeightException>(
                () => QuantizedMatrix<FakeFormat>.Quantize(weights, N, K, threads));
            Assert.Equal((row, column), (thrown.Row, thrown.Column));
        }

        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Create(N, K, BitConverter.GetBytes(0.5f));
        NonFiniteWeightException one = Assert.Throws<NonFiniteWeightException>(() => matrix.QuantizeRow(row, weights.AsSpan(row * K, K)));
        Assert.Equal((row, column), (one.Row, one.Column));
    }

    [Fact]
    public void FilledRowByRowIsTheSame()
    {
        const int N = 11;
        const int K = 70;
        float[] weights = Data.Random(N * K, 2);
        using QuantizedMatrix<FakeFormat> whole = QuantizedMatrix<FakeFormat>.Quantize(weights, N, K);
        using QuantizedMatrix<FakeFormat> filled = QuantizedMatrix<FakeFormat>.Create(N, K, BitConverter.GetBytes(0.5f));
        filled.Pack();
        for (int n = 0; n < N; n++)
        {
            filled.QuantizeRow(n, weights.AsSpan(n * K, K));
        }

        Assert.Equal(Bytes(whole), Bytes(filled));
        float[] x = Data.Random(3 * K, 3);
        float[] expected = new float[3 * N];
        float[] actual = new float[3 * N];
        whole.Multiply(x, 3, expected);
        filled.Multiply(x, 3, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void CopiesAndUnalignedViewsAreTheSame()
    {
        const int N = 11;
        const int K = 70;
        float[] weights = Data.Random(N * K, 4);
        using QuantizedMatrix<FakeFormat> own = QuantizedMatrix<FakeFormat>.Quantize(weights, N, K);
        byte[] stored = new byte[own.ByteCount + 1];
        Bytes(own).CopyTo(stored, 1);
        float[] x = Data.Random(2 * K, 5);
        float[] expected = new float[2 * N];
        own.Multiply(x, 2, expected);

        int blocks = (int)own.BlockByteCount;
        using QuantizedMatrix<FakeFormat> copy = QuantizedMatrix<FakeFormat>.FromBlocks(
            N, K, stored.AsSpan(1, blocks), stored.AsSpan(1 + blocks, 4 * N), stored.AsSpan(1 + blocks + (4 * N), 4));
        float[] fromCopy = new float[2 * N];
        copy.Multiply(x, 2, fromCopy);
        Assert.Equal(expected, fromCopy);

        Owner owner = new();
        fixed (byte* first = stored)
        {
            BorrowedWeights borrowed = new()
            {
                Blocks = first + 1,
                BlockBytes = blocks,
                RowSides = first + 1 + blocks,
                RowSideBytes = 4 * N,
                TensorSide = first + 1 + blocks + (4 * N),
                TensorSideBytes = 4,
                Owner = owner,
            };
            QuantizedMatrix view = QuantizedMatrix.ViewBlocks(FakeFormat.Descriptor, N, K, borrowed);
            Assert.True(view.IsView);
            float[] fromView = new float[2 * N];
            view.Multiply(x, 2, fromView);
            Assert.Equal(expected, fromView);
            Assert.Throws<InvalidOperationException>(() => view.QuantizeRow(0, new float[K]));
            view.Dispose();
            view.Dispose();
            Assert.Equal(1, owner.Disposals);
            Assert.Throws<ObjectDisposedException>(() => view.Multiply(x, 2, fromView));
            Assert.Throws<ObjectDisposedException>(() => view.Pack());
        }
    }

    [Fact]
    public void PackedPanelsAreKeptAndDropped()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(17 * 64, 6), 17, 64);
        Assert.False(matrix.IsPacked);
        Assert.Equal(3 * ((32 + (2 * FakeFormat.PackedBytes) + 63) / 64 * 64), matrix.PackedByteCount);
        matrix.Pack(KernelTarget.Scalar, 2);
        Assert.True(matrix.IsPacked);
        matrix.Unpack();
        Assert.False(matrix.IsPacked);
    }

    [Fact]
    public void PanelsThatGrowTooMuchAreRefused()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(17 * 64, 6), 17, 64);
        double growth = (double)matrix.PackedByteCount / matrix.ByteCount;
        Assert.False(matrix.PackWithin(growth * 0.99, KernelTarget.Scalar));
        Assert.False(matrix.IsPacked);
        Assert.True(matrix.PackWithin(growth, KernelTarget.Scalar, 2));
        Assert.True(matrix.IsPacked);
        Assert.True(matrix.PackWithin(0, KernelTarget.Scalar), "panels that are there are kept");
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.PackWithin(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.PackWithin(double.NaN));
    }

    [Fact]
    public void WrongSizesAreRefused()
    {
        float[] weights = Data.Random(4 * 64, 7);
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.Quantize(weights, 4, 63));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.Quantize(weights, -1, 64));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.Quantize(weights, 4, 0));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.Create(long.MaxValue / 4, 1 << 20, new byte[4]));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.Create(4, 64));
        FormatDescriptor strict = FakeFormat.Make(RaggedRows.Reject, KernelTarget.Scalar);
        MatrixShapeException ragged = Assert.Throws<MatrixShapeException>(() => QuantizedMatrix.Create(strict, 4, 33, new byte[4]));
        Assert.Contains("64", ragged.Message, StringComparison.Ordinal);

        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights, 4, 64);
        byte[] blocks = new byte[matrix.BlockByteCount];
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.FromBlocks(4, 64, blocks, new byte[16]));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.FromBlocks(4, 64, blocks, new byte[15], new byte[4]));
        Assert.Throws<MatrixShapeException>(() => QuantizedMatrix<FakeFormat>.FromBlocks(4, 64, blocks.AsSpan(1), new byte[16], new byte[4]));
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(new float[127], 2, new float[8]));
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(new float[128], 2, new float[9]));
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply([], -1, []));
        float[] shared = new float[66];
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(shared.AsSpan(0, 64), 1, shared.AsSpan(62, 4)));
        Assert.Throws<MatrixShapeException>(() => matrix.DequantizeRow(4, new float[64]));
        Assert.Throws<MatrixShapeException>(() => matrix.DequantizeRow(0, new float[65]));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[64], 1, new float[4], new MultiplyOptions { Threads = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(new float[64], 1, new float[4], new MultiplyOptions { Mode = (ComputeMode)7 }));
        Assert.Throws<KernelTargetException>(() => matrix.Multiply(new float[64], 1, new float[4], new MultiplyOptions { Target = (KernelTarget)7 }));
        matrix.Multiply([], 0, []);
    }

    [Theory]
    [InlineData(0, 0, 4, 0)]
    [InlineData(0, 3, 0, 4)]
    [InlineData(-1, 2, 0, 4)]
    [InlineData(0, 2, 0, 5)]
    [InlineData(2, 1, 0, 4)]
    public void RectanglesOutsideAreRefused(long firstRow, long endRow, long firstOutput, long endOutput)
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(new float[4 * 32], 4, 32);
        Assert.Throws<MatrixShapeException>(() =>
        {
            float x = 0;
            matrix.Multiply(&x, 32, 2, &x, 4, new OutputRectangle(firstRow, endRow, firstOutput, endOutput));
        });
    }

    [Fact]
    public void OverlappingRowsAreRefused()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(new float[4 * 32], 4, 32);
        float x = 0;
        float* p = &x;
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(p, 31, 2, p, 4));
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(p, 32, 2, p, 3));
    }

    [Fact]
    public void NoOutputsIsNoWork()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize([], 0, 32);
        matrix.Pack();
        matrix.Multiply(new float[64], 2, []);
        Assert.Equal(0, matrix.BlockByteCount);
        Assert.Null(matrix.Validate());
    }

    [Fact]
    public void ValidateNamesTheFirstFault()
    {
        const int N = 9;
        const int K = 70;
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(N * K, 8), N, K);
        float* late = (float*)(matrix.Blocks + (8 * matrix.RowByteCount));
        *late = float.NaN;
        Assert.Equal(new WeightFault(8, 0, "scale"), matrix.Validate(1));
        *(float*)(matrix.Blocks + (5 * matrix.RowByteCount) + (2 * FakeFormat.Bytes)) = float.PositiveInfinity;
        Assert.Equal(new WeightFault(5, 2, "scale"), matrix.Validate());
        float* scale = (float*)(matrix.Blocks + (4 * matrix.RowByteCount) + FakeFormat.Bytes);
        *scale = 3e38f;
        Assert.Equal(new WeightFault(4, 1, ""), matrix.Validate());
        ((float*)matrix.RowSides)[2] = float.NaN;
        Assert.Equal(new WeightFault(2, -1, "rowScale"), matrix.Validate());
        *(float*)matrix.TensorSide = float.NaN;
        Assert.Equal(new WeightFault(-1, -1, "tensorScale"), matrix.Validate());
    }

    private static byte[] Bytes(QuantizedMatrix matrix)
    {
        byte[] bytes = new byte[matrix.ByteCount];
        new ReadOnlySpan<byte>(matrix.Blocks, (int)matrix.BlockByteCount).CopyTo(bytes);
        new ReadOnlySpan<byte>(matrix.RowSides, (int)matrix.RowSideByteCount).CopyTo(bytes.AsSpan((int)matrix.BlockByteCount));
        new ReadOnlySpan<byte>(matrix.TensorSide, (int)matrix.TensorSideByteCount).CopyTo(bytes.AsSpan((int)(matrix.BlockByteCount + matrix.RowSideByteCount)));
        return bytes;
    }

    private sealed class Owner : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
