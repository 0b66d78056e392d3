using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// Whole products through <see cref="QuantizedMatrix"/>: every N and M around the kernels' widths, ragged K, both modes, packed
/// and not, sub-rectangles, threads; inputs and outputs on guard pages.
/// </summary>
public unsafe class MultiplyTests
{
    private static readonly int[] s_outputs = [1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33];
    private static readonly int[] s_rows = [1, 2, 3, 5, 6, 7, 13];
    private static readonly int[] s_primes = [2, 13, 127, 509, 1021];

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void EveryShapeIsWithinTheBound(string format, KernelTarget target) =>
        VerifyShapes(KernelCase.Of(format, target));

    /// <summary>Fails where a product is outside the bound.</summary>
    internal static void VerifyShapes(KernelCase test)
    {
        Random random = new(14);
        int[] lengths = [.. Lengths(test)];
        bool IsSmall(int inputs) => inputs <= 300 && !test.IsBrief;
        int smallEvery = Math.Min(4, lengths.Count(IsSmall));
        for (int length = 0; length < lengths.Length; length++)
        {
            int inputs = lengths[length];
            Product whole = new(test, s_outputs[^1], s_rows[^1], inputs, random);

            // Small lengths, where it costs little, share all pairs of N and M among up to four; others take every fifteenth.
            int every = IsSmall(inputs) ? smallEvery : 15;
            for (int n = 0; n < s_outputs.Length; n++)
            {
                for (int m = 0; m < s_rows.Length; m++)
                {
                    bool always = (s_outputs[n], s_rows[m]) is (9, 1) or (33, 7);
                    if (always || (!test.IsEmulated && (n + (3 * m) + length) % every == 0))
                    {
                        whole.Check(s_outputs[n], s_rows[m]);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void RectanglesAndThreadsChangeNoBit(string format, KernelTarget target)
    {
        KernelCase test = KernelCase.Of(format, target);
        Random random = new(15);
        int inputs = Lengths(test).Where(k => k >= 128).Append(Lengths(test).Last()).First();
        StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 33, inputs, random);
        using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, 33, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
        foreach (int rows in (int[])[1, 2, 7, 13])
        {
            float[] x = TestInputs.Normal(rows * inputs, random);
            foreach (bool packed in (bool[])[false, true])
            {
                if (packed)
                {
                    matrix.Pack(target);
                }

                foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
                {
                    MultiplyOptions options = new() { Mode = mode, Target = target, Threads = 1 };
                    float[] whole = new float[rows * 33];
                    matrix.Multiply(x, rows, whole, options);
                    float[] threaded = new float[rows * 33];
                    matrix.Multiply(x, rows, threaded, options with { Threads = 3 });
                    Assert.Equal(Bits(whole), Bits(threaded));
                    for (int round = 0; round < 5; round++)
                    {
                        int firstRow = random.Next(rows);
                        int firstOutput = random.Next(33);
                        OutputRectangle part = new(firstRow, random.Next(firstRow, rows) + 1, firstOutput, random.Next(firstOutput, 33) + 1);
                        CheckPart(matrix, x, rows, part, options with { Threads = 1 + (round % 3) }, whole, packed);
                    }
                }
            }

            matrix.Unpack();
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void PackedInt8RowsDoNotDependOnHowManyThereAre(string format, KernelTarget target)
    {
        const int most = 19;
        KernelCase test = KernelCase.Of(format, target);
        Random random = new(17);
        int inputs = Lengths(test).Last(k => k <= 600);
        StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 33, inputs, random);
        using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, 33, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
        matrix.Pack(target);
        float[] x = TestInputs.Normal(most * inputs, random);
        float[] all = new float[most * 33];
        matrix.Multiply(x, most, all, new MultiplyOptions { Target = target, Threads = 1 });
        for (int rows = 1; rows < most; rows++)
        {
            float[] few = new float[rows * 33];
            matrix.Multiply(x.AsSpan(0, rows * inputs), rows, few, new MultiplyOptions { Target = target, Threads = 1 + (rows % 2) });
            Assert.Equal(Bits(all)[..few.Length], Bits(few));
        }
    }

    /// <summary>Panels of another height than the kernels' are not read: the product is that of the stored rows, bit for bit.</summary>
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void PanelsOfAnotherLayoutAreNotRead(string format, KernelTarget target)
    {
        KernelCase test = KernelCase.Of(format, target);
        Random random = new(16);
        int inputs = Lengths(test).Where(k => k >= 128).Append(Lengths(test).Last()).First();
        StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 33, inputs, random);
        using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, 33, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
        foreach (KernelSet other in test.Descriptor.Kernels.Where(k => TargetSelection.IsSupported(k.Target) && k.Panel.Rows != test.Kernels.Panel.Rows))
        {
            foreach (int rows in (int[])[1, 2, 7])
            {
                float[] x = TestInputs.Normal(rows * inputs, random);
                foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
                {
                    MultiplyOptions options = new() { Mode = mode, Target = target, Threads = 1 };
                    float[] unpacked = new float[rows * 33];
                    matrix.Unpack();
                    matrix.Multiply(x, rows, unpacked, options);
                    float[] packed = new float[rows * 33];
                    matrix.Pack(other.Target);
                    Assert.Equal(other.Panel, matrix.PackedLayout);
                    matrix.Multiply(x, rows, packed, options);
                    Assert.Equal(Bits(unpacked), Bits(packed));
                }
            }

            matrix.Pack(target);
            Assert.Equal(test.Kernels.Panel, matrix.PackedLayout);
        }
    }

    /// <summary>Only the rectangle is written, with the bits of the whole product.</summary>
    private static void CheckPart(
        QuantizedMatrix matrix, float[] x, int rows, OutputRectangle part, MultiplyOptions options, float[] whole, bool packed)
    {
        float[] y = new float[rows * 33];
        y.AsSpan().Fill(-77);
        fixed (float* a = x, b = y)
        {
            matrix.Multiply(a, matrix.Inputs, rows, b, 33, part, options);
        }

        for (int i = 0; i < y.Length; i++)
        {
            bool inside = i / 33 >= part.FirstRow && i / 33 < part.EndRow && i % 33 >= part.FirstOutput && i % 33 < part.EndOutput;
            float expected = inside ? whole[i] : -77;
            if (BitConverter.SingleToInt32Bits(expected) != BitConverter.SingleToInt32Bits(y[i]))
            {
                Assert.Fail($"{options.Mode}, packed {packed}, {rows} rows, {part}: ({i / 33}, {i % 33}) is {y[i]:R}, not {expected:R}");
            }
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static IEnumerable<int> Lengths(KernelCase test)
    {
        int block = test.Descriptor.BlockInputs;
        IEnumerable<int> lengths = test.IsEmulated ? [1, 172, 2 * block]
            : test.IsBrief ? [1, 13, block, 3 * block, 172, 509]
            : [1, block, 3 * block, 172, 4304, .. s_primes];
        return lengths.Where(k => test.Oracle.Accepts(k)).Distinct().Order();
    }

    /// <summary>A product of the largest shape, whose corners are the smaller ones.</summary>
    private sealed class Product
    {
        private readonly KernelCase _test;
        private readonly StoredRows _stored;
        private readonly float[] _x;
        private readonly OracleProduct[,] _int8;
        private readonly OracleProduct[,] _float32;

        public Product(KernelCase test, int outputs, int rows, int inputs, Random random)
        {
            _test = test;
            _stored = StoredRows.OfModerateScales(test.Oracle, outputs, inputs, random);
            _x = TestInputs.Normal(rows * inputs, random);
            _int8 = new OracleProduct[rows, outputs];
            _float32 = new OracleProduct[rows, outputs];
            OracleRow[] weights = _stored.Decode();
            for (int m = 0; m < rows; m++)
            {
                ReadOnlySpan<float> x = _x.AsSpan(m * inputs, inputs);
                OracleActivations quantized = OracleActivations.Of(test.Descriptor, x);
                for (int n = 0; n < outputs; n++)
                {
                    _int8[m, n] = OracleProduct.Int8(weights[n], test.Descriptor.Activations, quantized, test.Levels, test.Descriptor.Int8TableError);
                    _float32[m, n] = OracleProduct.Float32(weights[n], x);
                }
            }
        }

        public void Check(int outputs, int rows)
        {
            using GuardedMemory blocks = GuardedMemory.Of<byte>(_stored.Blocks.AsSpan(0, outputs * _stored.RowBytes));
            using GuardedMemory sides = GuardedMemory.Of<byte>(_stored.RowSides.AsSpan(0, outputs * _test.Oracle.RowSideBytes));
            using GuardedMemory tensor = GuardedMemory.Of<byte>(_stored.TensorSide);
            using GuardedMemory x = GuardedMemory.Of<float>(_x.AsSpan(0, rows * _stored.Inputs));
            using QuantizedMatrix matrix = QuantizedMatrix.ViewBlocks(_test.Descriptor, outputs, _stored.Inputs, new BorrowedWeights
            {
                Blocks = blocks.Pointer,
                BlockBytes = blocks.Length,
                RowSides = sides.Pointer,
                RowSideBytes = sides.Length,
                TensorSide = tensor.Pointer,
                TensorSideBytes = tensor.Length,
            });
            foreach (bool packed in (bool[])[false, true])
            {
                if (packed)
                {
                    matrix.Pack(_test.Kernels.Target);
                }

                Check(matrix, x, rows, ComputeMode.Int8, _test.Descriptor.HasInt8Kernels ? _int8 : _float32, packed);
                Check(matrix, x, rows, ComputeMode.Float32, _float32, packed);
            }
        }

        private void Check(QuantizedMatrix matrix, GuardedMemory x, int rows, ComputeMode mode, OracleProduct[,] expected, bool packed)
        {
            int outputs = (int)matrix.Outputs;
            using GuardedMemory y = GuardedMemory.BeforeGuard(4L * rows * outputs);
            y.Bytes.Fill(0xFF);
            matrix.Multiply(x.Floats, matrix.Inputs, rows, y.Floats, outputs, new MultiplyOptions { Mode = mode, Target = _test.Kernels.Target, Threads = 1 });
            for (int m = 0; m < rows; m++)
            {
                for (int n = 0; n < outputs; n++)
                {
                    float actual = y.Floats[(m * outputs) + n];
                    if (!expected[m, n].Admits(actual))
                    {
                        Assert.Fail($"{mode}, packed {packed}, M = {rows}, N = {outputs}, K = {matrix.Inputs}: ({m}, {n}) is {actual:R}, expected {expected[m, n]}");
                    }
                }
            }
        }
    }
}
