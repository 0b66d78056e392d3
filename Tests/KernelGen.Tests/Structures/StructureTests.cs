using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Tests.Kernels;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Structures;

/// <summary>Structured matrices against the oracle: decoding bit for bit, products within the bound, on every target and odd shapes.</summary>
public sealed unsafe class StructureTests
{
    private static readonly (int Outputs, int Inputs, int Part)[] s_shapes =
    [
        (1, 1, -1), (3, 2, -1), (8, 7, 0), (9, 33, 1), (17, 128, -1), (24, 61, -1), (33, 172, 0), (31, 509, -1), (15, 300, 1), (2, 1021, -1),
    ];

    [Theory]
    [MemberData(nameof(StructureCase.All), MemberType = typeof(StructureCase))]
    public void RowsDecodeBitForBit(string name, KernelTarget target)
    {
        Random random = new(31);
        foreach ((int outputs, int inputs, int part) in s_shapes)
        {
            StructureCase test = StructureCase.Make(name, outputs, inputs, random, part);
            using StructuredMatrix matrix = test.Load();
            using GuardedMemory all = GuardedMemory.BeforeGuard(4L * outputs * inputs);
            matrix.DequantizeRows(0, outputs, all.Floats, inputs, 3, target);
            for (int row = 0; row < outputs; row++)
            {
                float[] expected = test.Oracle.DecodeRow(row);
                float[] single = new float[inputs];
                matrix.DequantizeRow(row, single, target);
                Assert.Equal(Bits(expected), Bits(single));
                Assert.Equal(Bits(expected), Bits(new ReadOnlySpan<float>(all.Floats + (row * inputs), inputs)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(StructureCase.All), MemberType = typeof(StructureCase))]
    public void ProductsAreWithinTheBound(string name, KernelTarget target)
    {
        Random random = new(32);
        foreach ((int outputs, int inputs, int part) in s_shapes)
        {
            StructureCase test = StructureCase.Make(name, outputs, inputs, random, part);
            using StructuredMatrix matrix = test.Load();
            const int Most = 7;
            float[] x = TestInputs.Normal(Most * inputs, random);
            foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
            {
                OracleProduct[][] expected = test.Products(x, Most, mode);
                foreach (bool packed in (bool[])[false, true])
                {
                    if (packed)
                    {
                        matrix.Pack(target);
                    }

                    foreach (int rows in (int[])[1, 2, Most])
                    {
                        Check(matrix, x.AsSpan(0, rows * inputs), rows, expected, new MultiplyOptions { Mode = mode, Target = target, Threads = 2 });
                    }
                }

                matrix.Unpack();
            }
        }
    }

    /// <summary>Cells whose panels would grow too much are read as they are stored, beside others that are packed.</summary>
    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void CellsThatGrowTooMuchStayUnpacked(string name)
    {
        Random random = new(38);
        StructureCase test = StructureCase.Make(name, 65, 172, random);
        using StructuredMatrix matrix = test.Load();
        float[] x = TestInputs.Normal(2 * 172, random);
        OracleProduct[][] expected = test.Products(x, 2, ComputeMode.Float32);
        foreach (double growth in (double[])[0, 1.2, 1.5, 2, 100])
        {
            Assert.Equal(matrix.PackWithin(growth), matrix.IsPacked);
            Assert.All(matrix.Matrices, cell => Assert.Equal(cell.PackedByteCount <= growth * cell.ByteCount, cell.IsPacked));
            Check(matrix, x, 2, expected, new MultiplyOptions { Mode = ComputeMode.Float32 });
            matrix.Unpack();
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.PackWithin(double.NaN));
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void RectanglesAndThreadsChangeNoBit(string name)
    {
        Random random = new(33);
        StructureCase test = StructureCase.Make(name, 33, 172, random);
        using StructuredMatrix matrix = test.Load();
        bool isWhole = test.Descriptor.PostNorm is not null;
        foreach (int rows in (int[])[1, 2, 7, 200])
        {
            float[] x = TestInputs.Normal(rows * 172, random);
            foreach ((ComputeMode mode, bool packed) in Enum.GetValues<ComputeMode>().SelectMany(mode => (IEnumerable<(ComputeMode, bool)>)[(mode, false), (mode, true)]))
            {
                if (packed)
                {
                    matrix.Pack();
                }

                MultiplyOptions options = new() { Mode = mode, Threads = 1 };
                float[] whole = new float[rows * 33];
                matrix.Multiply(x, rows, whole, options);
                float[] threaded = new float[rows * 33];
                matrix.Multiply(x, rows, threaded, options with { Threads = 3 });
                Assert.Equal(Bits(whole), Bits(threaded));
                for (int round = 0; round < 6; round++)
                {
                    int firstRow = random.Next(rows);
                    int firstOutput = isWhole ? 0 : random.Next(33);
                    OutputRectangle part = new(firstRow, random.Next(firstRow, rows) + 1, firstOutput, isWhole ? 33 : random.Next(firstOutput, 33) + 1);
                    float[] y = new float[rows * 33];
                    y.AsSpan().Fill(-77);
                    fixed (float* a = x, b = y)
                    {
                        matrix.Multiply(a, 172, rows, b, 33, part, options);
                    }

                    for (int i = 0; i < y.Length; i++)
                    {
                        bool inside = i / 33 >= part.FirstRow && i / 33 < part.EndRow && i % 33 >= part.FirstOutput && i % 33 < part.EndOutput;
                        Assert.Equal(BitConverter.SingleToInt32Bits(inside ? whole[i] : -77), BitConverter.SingleToInt32Bits(y[i]));
                    }
                }

                matrix.Unpack();
            }
        }
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void ANormNeedsWholeRows(string name)
    {
        StructureCase test = StructureCase.Make(name, 5, 9, new Random(34));
        using StructuredMatrix matrix = test.Load();
        float[] x = new float[9];
        float[] y = new float[5];
        fixed (float* a = x, b = y)
        {
            float* from = a;
            float* to = b;
            void Multiply(OutputRectangle part) => matrix.Multiply(from, 9, 1, to, 5, part);
            if (test.Descriptor.PostNorm is null)
            {
                Multiply(new OutputRectangle(0, 1, 1, 4));
            }
            else
            {
                MatrixShapeException thrown = Assert.Throws<MatrixShapeException>(() => Multiply(new OutputRectangle(0, 1, 1, 4)));
                Assert.Contains("whole rows", thrown.Message, StringComparison.Ordinal);
            }

            Multiply(new OutputRectangle(0, 1, 3, 3));
            Assert.Throws<MatrixShapeException>(() => Multiply(new OutputRectangle(0, 1, 0, 6)));
            Assert.Throws<MatrixShapeException>(() => Multiply(new OutputRectangle(0, 2, 0, 5)));
        }

        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(x, 1, x.AsSpan(0, 5)));
        Assert.Throws<MatrixShapeException>(() => matrix.Multiply(x, 2, y));
        Assert.Throws<MatrixShapeException>(() => matrix.DequantizeRow(5, x));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Multiply(x, 1, y, new MultiplyOptions { Mode = (ComputeMode)7 }));
    }

    [Theory]
    [MemberData(nameof(StructureCase.Names), MemberType = typeof(StructureCase))]
    public void NonFiniteActivationsStayInTheirRow(string name)
    {
        StructureCase test = StructureCase.Make(name, 17, 61, new Random(35));
        using StructuredMatrix matrix = test.Load();
        float[] x = TestInputs.Normal(3 * 61, new Random(36));
        float[] clean = new float[3 * 17];
        matrix.Multiply(x, 3, clean);
        x[61 + 30] = float.NaN;
        float[] y = new float[3 * 17];
        matrix.Multiply(x, 3, y);
        Assert.Equal(Bits(clean.AsSpan(0, 17)), Bits(y.AsSpan(0, 17)));
        Assert.All(y[17..34], value => Assert.True(float.IsNaN(value)));
        Assert.Equal(Bits(clean.AsSpan(34)), Bits(y.AsSpan(34)));
    }

    [Fact]
    public void ADisposedMatrixThrows()
    {
        StructureCase test = StructureCase.Make("KernelGen.Formats.Ptq161", 5, 9, new Random(37));
        StructuredMatrix matrix = test.Load();
        matrix.Dispose();
        matrix.Dispose();
        Assert.Throws<ObjectDisposedException>(() => matrix.Multiply(new float[9], 1, new float[5]));
        Assert.Throws<ObjectDisposedException>(() => matrix.DequantizeRow(0, new float[9]));
        Assert.Throws<ObjectDisposedException>(() => matrix.Pack());
        Assert.Throws<ObjectDisposedException>(() => matrix.PackWithin(100));
        Assert.Throws<ObjectDisposedException>(() => matrix.ToTensors());
    }

    private static void Check(StructuredMatrix matrix, ReadOnlySpan<float> values, int rows, OracleProduct[][] expected, MultiplyOptions options)
    {
        int outputs = (int)matrix.Outputs;
        using GuardedMemory x = GuardedMemory.Of(values);
        using GuardedMemory y = GuardedMemory.BeforeGuard(4L * rows * outputs);
        y.Bytes.Fill(0xFF);
        matrix.Multiply(x.Floats, matrix.Inputs, rows, y.Floats, outputs, options);
        for (int m = 0; m < rows; m++)
        {
            for (int n = 0; n < outputs; n++)
            {
                float actual = y.Floats[(m * outputs) + n];
                if (!expected[m][n].Admits(actual))
                {
                    Assert.Fail($"{options.Mode}, packed {matrix.IsPacked}, M = {rows}, {matrix}: ({m}, {n}) is {actual:R}, expected {expected[m][n]}");
                }
            }
        }
    }

    private static int[] Bits(ReadOnlySpan<float> values)
    {
        int[] bits = new int[values.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = BitConverter.SingleToInt32Bits(values[i]);
        }

        return bits;
    }
}
