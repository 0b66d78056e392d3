using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using System.Runtime.Intrinsics.X86;
using KernelGen.Tests.Memory;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Packed panels: their decoding and their products, against the oracle.</summary>
public unsafe class PanelTests
{
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void PanelsDecodeToTheWeightsAndEqualTheScalarOnes(string format, KernelTarget target) =>
        VerifyDecoding(KernelCase.Of(format, target));

    /// <summary>Fails where a panel decodes otherwise than by the oracle.</summary>
    internal static void VerifyDecoding(KernelCase test)
    {
        int rows = test.Kernels.Panel.Rows;
        Random random = new(10);
        foreach (int inputs in Lengths(test))
        {
            foreach (int filled in (int[])[rows, rows - 1, 1])
            {
                StoredRows stored = StoredRows.OfRandomBits(test.Oracle, filled, inputs, random);
                using PackedPanel panel = new(test, stored);
                using PackedPanel scalar = new(test, stored, test.Scalar);
                byte[] stacked = PanelStack.Of(test, scalar.Bytes, inputs);
                if (!panel.Bytes.SequenceEqual(stacked))
                {
                    Assert.Fail($"K = {inputs}, {filled} rows: the panel differs from the scalar kernels'");
                }
                OracleRow[] expected = stored.Decode();
                float[] decoded = panel.DecodeFloat32(0);
                for (int k = 0; k < inputs; k++)
                {
                    for (int r = 0; r < filled; r++)
                    {
                        float wanted = expected[r].Weights[k];
                        float actual = decoded[(k * rows) + r];
                        if (BitConverter.SingleToInt32Bits(wanted) != BitConverter.SingleToInt32Bits(actual) && !(float.IsNaN(wanted) && float.IsNaN(actual)))
                        {
                            Assert.Fail($"K = {inputs}, row {r} of {filled}, input {k}: {actual:R}, expected {wanted:R}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void PanelsUnpackToTheStoredBits(string format, KernelTarget target) =>
        VerifyUnpacking(KernelCase.Of(format, target));

    /// <summary>Fails where the stored bits do not come back from panels, or where nothing explains that they need not.</summary>
    internal static void VerifyUnpacking(KernelCase test)
    {
        if (test.Kernels.UnpackPanel == null)
        {
            // Expanded codes, numbers of tables and sums do not come back either.
            FormatSpec spec = test.Oracle.Spec;
            bool gone = spec.Digits.Count != 0 || spec.Codes.Length > 1 || spec.Signs is not null
                || spec.Parameters.Any(p => !p.IsFactor || p.Type.Class == StoredClass.Table);
            Assert.True(gone || Enumerable.Range(1, (int)(test.Oracle.CodeCount - 1)).Any(code => CodeDecoder.Value(spec, (uint)code) == CodeDecoder.Value(spec, 0)));
            return;
        }

        Random random = new(13);
        foreach (int inputs in Lengths(test))
        {
            foreach (int filled in (int[])[test.Kernels.Panel.Rows, 3, 1])
            {
                StoredRows stored = StoredRows.OfRandomBits(test.Oracle, filled, inputs, random);
                using PackedPanel panel = new(test, stored);
                byte[] rows = panel.Unpack(0);
                if (!stored.Blocks.AsSpan().SequenceEqual(rows))
                {
                    Assert.Fail($"K = {inputs}, {filled} rows: the rows do not come back");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void GemvAndTilesAreWithinTheBound(string format, KernelTarget target) =>
        VerifyProducts(KernelCase.Of(format, target));

    /// <summary>Fails where a product of panels is outside the bound.</summary>
    internal static void VerifyProducts(KernelCase test)
    {
        if (!test.Descriptor.HasInt8Kernels)
        {
            return;
        }

        ActivationLayout layout = test.Descriptor.Activations;
        Random random = new(11);
        foreach (int inputs in Lengths(test))
        {
            StoredRows stored = StoredRows.OfModerateScales(test.Oracle, (2 * test.Kernels.Panel.Rows) - 3, inputs, random);
            OracleRow[] rows = stored.Decode();
            using PackedPanel panel = new(test, stored);
            OracleActivations[] x = [.. Enumerable.Range(0, test.Kernels.Int8Tiles.Max(k => k.Rows)).Select(_ => OracleActivations.Quantize(layout, TestInputs.Normal(inputs, random)))];
            foreach (Int8GemvKernel kernel in test.Kernels.Int8Gemvs)
            {
                float[][] products = panel.GemvInt8(kernel, x[..kernel.Rows]);
                for (int m = 0; m < kernel.Rows; m++)
                {
                    Check(test, rows, x[m], products[m], $"GEMV of {kernel.Rows}, K = {inputs}, row {m}");
                }
            }

            foreach (Int8TileKernel kernel in test.Kernels.Int8Tiles.Where(k => k.Kernel != null))
            {
                float[][] products = panel.TileInt8(kernel, x[..kernel.Rows]);
                for (int m = 0; m < kernel.Rows; m++)
                {
                    Check(test, rows, x[m], products[m], $"tile of {kernel.Rows}, K = {inputs}, row {m}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void Float32TilesAreWithinTheBoundAndAccumulate(string format, KernelTarget target) =>
        VerifyFloat32Tiles(KernelCase.Of(format, target));

    /// <summary>Fails where a product of f32 tiles is outside the bound.</summary>
    internal static void VerifyFloat32Tiles(KernelCase test)
    {
        Random random = new(12);
        int rows = test.Kernels.Float32TileRows;
        foreach (int inputs in (int[])[1, 2, 7, 64, 97])
        {
            float[] tile = TestInputs.Normal(inputs * rows, random);
            foreach (Float32TileKernel kernel in test.Kernels.Float32Tiles.Where(k => k.Kernel != null))
            {
                float[] x = TestInputs.Normal(inputs * kernel.Rows, random);
                int ldy = rows + 1;
                using GuardedMemory weights = GuardedMemory.Of<float>(tile);
                using GuardedMemory activations = GuardedMemory.Of<float>(x);
                using GuardedMemory y = GuardedMemory.BeforeGuard(4L * (((kernel.Rows - 1) * ldy) + rows));
                y.Bytes.Fill(0xFF);
                kernel.Kernel(weights.Floats, inputs, activations.Floats, y.Floats, ldy, false);
                kernel.Kernel(weights.Floats, inputs, activations.Floats, y.Floats, ldy, true);
                for (int m = 0; m < kernel.Rows; m++)
                {
                    for (int r = 0; r < rows; r++)
                    {
                        OracleRow column = new(2 * inputs);
                        float[] twice = new float[2 * inputs];
                        for (int k = 0; k < 2 * inputs; k++)
                        {
                            twice[k] = x[(k % inputs * kernel.Rows) + m];
                            column.Set(k, 0, 0, 0, 0, tile[(k % inputs * rows) + r]);
                        }

                        OracleProduct expected = OracleProduct.Float32(column, twice);
                        float actual = y.Floats[(m * ldy) + r];
                        if (!expected.Admits(actual))
                        {
                            Assert.Fail($"K = {inputs}, tile of {kernel.Rows}, ({m}, {r}): {actual:R}, expected {expected}");
                        }
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void Float32GemvHasTheBitsOfTiles(string format, KernelTarget target) => VerifyFloat32Gemv(KernelCase.Of(format, target));

    /// <summary>
    /// Fails where a GEMV in f32 differs from the micro-kernel of one row, or where formats without int8 kernels, or with stored tables, have none: plain floats, codes of tables
    /// per input that fit into registers, and others where quads are whole, on targets that decode in registers.
    /// </summary>
    internal static void VerifyFloat32Gemv(KernelCase test)
    {
        // What is emulated passes for scalar.
        int registers = test.IsEmulated ? 0 : TargetCatalogue.All.Single(target => target.Name == $"{test.Kernels.Target}").SingleTableRegisters;
        bool hasTables = test.Oracle.InputTable is { } table && test.Oracle.Spec.Parameters.Count == 1 && table.Count <= registers;
        bool isPlain = test.Oracle.Spec.Codes.Float is not null && test.Oracle.Spec.Parameters.Count == 0;
        Grouping grouping = FormatPlanner.Plan(test.Oracle.Spec, test.Kernels.Panel.Rows).Grouping;
        bool isDecoded = (!test.Descriptor.HasInt8Kernels || test.Oracle.Spec.Learned >= 0) && test.Oracle.Spec.Codes.Float is null && test.Oracle.InputTable is null
            && test.Kernels.Target is not (KernelTarget.Scalar or KernelTarget.Vector128) && grouping.QuadsPerBlock * 4 == grouping.Block && grouping.Block <= 512;
        if (!test.IsEmulated)
        {
            Assert.Equal(isPlain || hasTables || isDecoded, test.Kernels.GemvFloat32 != null);
        }

        if (test.Kernels.GemvFloat32 == null)
        {
            return;
        }

        Random random = new(14);
        int rows = test.Kernels.Panel.Rows;
        int height = test.Kernels.Float32TileRows;
        Float32TileKernel one = test.Kernels.Float32Tiles.Single(k => k.Rows == 1);
        foreach (int inputs in Lengths(test))
        {
            foreach (int panels in (int[])[1, 2, 3, 4, 5, 9])
            {
                // A number that is none behind the last input must not get into the sums.
                StoredRows stored = StoredRows.WithoutNumbersBehind(test.Oracle, (panels * rows) - (panels % 3), inputs, random);
                using PackedPanel panel = new(test, stored);
                float[] x = TestInputs.Normal(inputs, random);
                float[] actual = panel.GemvFloat32(x);
                Assert.All(actual.Take(stored.Rows), static sum => Assert.True(float.IsFinite(sum)));
                using GuardedMemory activations = GuardedMemory.Of<float>(x);
                using GuardedMemory y = GuardedMemory.BeforeGuard(4L * height);
                for (int row = 0; row < stored.Rows; row++)
                {
                    // The row alone in a tile.
                    float[] decoded = panel.DecodeFloat32(row / rows);
                    float[] tile = new float[inputs * height];
                    for (int k = 0; k < inputs; k++)
                    {
                        tile[k * height] = decoded[(k * rows) + (row % rows)];
                    }

                    using GuardedMemory weights = GuardedMemory.Of<float>(tile);
                    one.Kernel(weights.Floats, inputs, activations.Floats, y.Floats, height, false);
                    if (BitConverter.SingleToInt32Bits(y.Floats[0]) != BitConverter.SingleToInt32Bits(actual[row]))
                    {
                        Assert.Fail($"K = {inputs}, row {row} of {panels} panels: {actual[row]:R}, expected {y.Floats[0]:R}");
                    }
                }
            }
        }
    }

    /// <summary>The contract of docs/architecture.md, section 4: one order of float steps for all targets that fuse.</summary>
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void TargetsThatFuseAgreeBitForBit(string format, KernelTarget target)
    {
        KernelCase test = KernelCase.Of(format, target);
        if (!Fma.IsSupported || target == KernelTarget.Scalar || !test.Descriptor.HasInt8Kernels)
        {
            return;
        }

        KernelCase portable = KernelCase.Of(format, KernelTarget.Vector128);
        Random random = new(13);
        foreach (int inputs in Lengths(test))
        {
            StoredRows stored = StoredRows.OfModerateScales(test.Oracle, 16, inputs, random);
            OracleActivations x = OracleActivations.Quantize(test.Descriptor.Activations, TestInputs.Normal(inputs, random));
            using PackedPanel panel = new(test, stored);
            using PackedPanel expected = new(portable, stored);
            int[] gemv = Bits(expected.GemvInt8(x)[..stored.Rows]);
            Assert.Equal(gemv, Bits(panel.GemvInt8(x)[..stored.Rows]));
            foreach (Int8TileKernel kernel in test.Kernels.Int8Tiles.Where(k => k.Kernel != null))
            {
                Assert.All(panel.TileInt8(kernel, [.. Enumerable.Repeat(x, kernel.Rows)]), row => Assert.Equal(gemv, Bits(row[..stored.Rows])));
            }
        }
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static void Check(KernelCase test, OracleRow[] rows, OracleActivations x, float[] products, string what)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            OracleProduct expected = OracleProduct.Int8(rows[r], test.Descriptor.Activations, x, test.Levels, test.Descriptor.Int8TableError);
            if (!expected.Admits(products[r]))
            {
                Assert.Fail($"{what}, output {r}: {products[r]:R}, expected {expected}");
            }
        }

        // What missing rows give is dropped, but must not be slow or raise anything.
        Assert.All(products[rows.Length..], y => Assert.True(float.IsFinite(y)));
    }

    /// <summary>Few lengths: whole packed blocks, one more, one less, and a short row.</summary>
    private static IEnumerable<int> Lengths(KernelCase test)
    {
        int block = test.Kernels.Panel.BlockInputs;
        return new[] { 1, 31, block - 1, block, block + 1, (2 * block) + 19, 3 * block }
            .Where(k => k > 0 && test.Oracle.Accepts(k))
            .Distinct();
    }
}
