using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// Integer sums are exact: with scales of 1 (or powers of two), integer zero points and minima, and activations that are
/// integers up to 127, every product is an exact f32 and must be met to the bit, for the codes that make the largest sums.
/// </summary>
public class ExactnessTests
{
    private static readonly string[] s_activations = ["all -127", "with the codes", "random", "all 127", "alternating"];

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void ExtremeCodesAndActivationsGiveExactIntegers(string format, KernelTarget target) =>
        VerifyExtremes(KernelCase.Of(format, target));

    /// <summary>Fails where a kernel's integer sum is not exact.</summary>
    internal static void VerifyExtremes(KernelCase test)
    {
        if (test.Descriptor.Int8TableError != 0 || !test.Descriptor.HasInt8Kernels)
        {
            return;
        }

        Random random = new(13);
        int inputs = Math.Max(1, 512 / test.Oracle.BlockInputs) * test.Oracle.BlockInputs;
        foreach ((string codes, Func<uint> code) in Codes(test, random))
        {
            StoredRows stored = StoredRows.OfUnitScales(test.Oracle, test.Kernels.Panel.Rows, inputs, code, random);
            OracleRow[] rows = stored.Decode();
            if (!rows.All(IsExact))
            {
                continue;
            }

            using PackedPanel panel = new(test, stored);
            foreach (string kind in s_activations.Take(test.IsEmulated ? 3 : s_activations.Length))
            {
                OracleActivations[] x =
                [
                    .. Enumerable.Range(0, test.Kernels.Int8Tiles.Max(k => k.Rows))
                        .Select(m => OracleActivations.Quantize(test.Descriptor.Activations, Activations(kind, m, rows[m % rows.Length], test, random))),
                ];
                Assert.True(x.All(row => row.Steps.Take(inputs / test.Descriptor.Activations.GroupInputs).All(step => step == 1f)));
                string what = $"{codes} codes, {kind} activations";
                Expected[][] expected = Expected.Of(test, rows, x);
                Check(expected[0][..1], [DotTests.DotInt8(test, stored, x[0])], "dot, " + what);
                foreach (Int8GemvKernel kernel in test.Kernels.Int8Gemvs)
                {
                    float[][] products = panel.GemvInt8(kernel, x[..kernel.Rows]);
                    for (int m = 0; m < kernel.Rows; m++)
                    {
                        Check(expected[m], products[m], $"GEMV of {kernel.Rows} row {m}, {what}");
                    }
                }

                foreach (Int8TileKernel kernel in test.Kernels.Int8Tiles.Where(IsThere))
                {
                    float[][] products = panel.TileInt8(kernel, x[..kernel.Rows]);
                    for (int m = 0; m < kernel.Rows; m++)
                    {
                        Check(expected[m], products[m], $"tile of {kernel.Rows} row {m}, {what}");
                    }
                }
            }
        }
    }

    /// <summary>
    /// The same through whole products, packed and not, in both modes: one wrong weight among thousands is seen, which a bound
    /// that grows with K would hide.
    /// </summary>
    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void WholeProductsOfIntegersAreExact(string format, KernelTarget target) =>
        VerifyWholeProducts(KernelCase.Of(format, target));

    /// <summary>Fails where a product of integers is not exact.</summary>
    internal static void VerifyWholeProducts(KernelCase test)
    {
        if (!test.Descriptor.HasInt8Kernels)
        {
            return;
        }

        Random random = new(16);
        int group = test.Descriptor.Activations.GroupInputs;
        foreach (int inputs in new[] { 13, 172, 1021, 2880 }.Where(k => test.Oracle.Accepts(k) && !(test.IsBrief && k > 1000)))
        {
            StoredRows stored = StoredRows.OfUnitScales(test.Oracle, 17, inputs, () => test.AnyCode(random), random);
            OracleRow[] rows = stored.Decode();
            if (!rows.All(IsExact))
            {
                continue;
            }

            float[] x = [.. Enumerable.Range(0, 5 * inputs).Select(i => (float)(i % inputs % group == 0 ? 127 : random.Next(-4, 5)))];
            OracleActivations[] quantized = [.. Enumerable.Range(0, 5).Select(m => OracleActivations.Of(test.Descriptor, x.AsSpan(m * inputs, inputs)))];
            if (quantized.Any(row => row.Steps.Any(step => step is not (0f or 1f))))
            {
                // A declared format of activations that does not hold these integers.
                continue;
            }

            Expected[] expected = [.. Expected.Of(test, rows, quantized).SelectMany(row => row)];
            using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, 17, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
            foreach (bool packed in (bool[])[false, true])
            {
                if (packed)
                {
                    matrix.Pack(test.Kernels.Target);
                }

                foreach (ComputeMode mode in Enum.GetValues<ComputeMode>().Where(m => m == ComputeMode.Float32 || (test.Descriptor.Int8TableError == 0 && test.Descriptor.HasInt8Kernels)))
                {
                    foreach (int m in (int[])[1, 2, 5])
                    {
                        float[] y = new float[m * 17];
                        matrix.Multiply(x.AsSpan(0, m * inputs), m, y, new MultiplyOptions { Mode = mode, Target = test.Kernels.Target, Threads = 1 });
                        Check(expected[..y.Length], y, $"{mode}, packed {packed}, M = {m}, K = {inputs}");
                    }
                }
            }
        }
    }

    private static unsafe bool IsThere(Int8TileKernel kernel) => kernel.Kernel != null;

    private static void Check(Expected[] expected, float[] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(expected[i].IsExact ? (float)expected[i].Product.Value == actual[i] : expected[i].Product.Admits(actual[i])))
            {
                Assert.Fail($"{what}, element {i}: {actual[i]:R}, expected {expected[i]}");
            }
        }
    }

    private static bool IsExact(OracleRow row) =>
        row.Scales.All(s => s != 0 && float.IsFinite(s) && (BitConverter.SingleToInt32Bits(s) & 0x7FFFFF) == 0)
        && row.Zeros.Concat(row.Mins).All(z => z == MathF.Round(z) && Math.Abs(z) < 65536);

    private static IEnumerable<(string Name, Func<uint> Code)> Codes(KernelCase test, Random random)
    {
        // Of vectors the least and greatest sum, of words the least and greatest number.
        double[] values = [.. Enumerable.Range(0, (int)test.Oracle.CodeCount).Select(q => SumOf(test.Oracle.Spec, q))];
        uint least = (uint)Array.IndexOf(values, values.Where(double.IsFinite).Min());
        uint most = (uint)Array.IndexOf(values, values.Where(double.IsFinite).Max());
        uint last = (uint)Array.FindLastIndex(values, double.IsFinite);
        yield return ("least", () => least);
        yield return ("greatest", () => most);
        yield return ("extreme", () => random.Next(2) == 0 ? least : most);
        yield return ("last", () => last);
        yield return ("random", () => test.AnyCode(random));
    }

    private static double SumOf(FormatSpec spec, int code) =>
        spec.Digits.Count > 0 ? code
        : spec.Codes.Length == 1 ? CodeDecoder.Value(spec, (uint)code)
        : spec.Codebook!.ValueBits.Skip(code * spec.Codes.Length).Take(spec.Codes.Length).Sum(bits => (double)BitConverter.Int32BitsToSingle(bits));

    /// <summary>Integers up to 127 in magnitude with a 127 in every group, so that the step is 1.</summary>
    private static float[] Activations(string kind, int m, OracleRow row, KernelCase test, Random random)
    {
        float[] x = new float[row.Inputs];
        for (int k = 0; k < x.Length; k++)
        {
            x[k] = kind switch
            {
                "all 127" => 127,
                "all -127" => -127,
                "alternating" => (k + m) % 2 == 0 ? 127 : -127,
                "with the codes" => row.Values[k] >= 0 ? 127 : -127,
                _ => k % test.Descriptor.Activations.GroupInputs == 0 ? 127 : random.Next(-127, 128),
            };
        }

        return x;
    }

    /// <summary>A product and whether it must be met to the bit.</summary>
    private readonly record struct Expected(OracleProduct Product, bool IsExact)
    {
        /// <summary>[activations, row]: up to 2^24 units no f32 sum of the terms rounds; beyond, the bound decides.</summary>
        public static Expected[][] Of(KernelCase test, OracleRow[] rows, OracleActivations[] x)
        {
            double[] units = [.. rows.Select(Unit)];
            return [.. x.Select(a => rows.Select((row, r) => new Expected(
                OracleProduct.Int8(row, test.Descriptor.Activations, a, test.Levels, test.Descriptor.Int8TableError), Magnitude(row, a) < units[r] * (1 << 24))).ToArray())];
        }

        private static double Magnitude(OracleRow row, OracleActivations x)
        {
            double sum = 0;
            double[] magnitudes = row.Magnitudes;
            for (int k = 0; k < magnitudes.Length; k++)
            {
                sum += Math.Abs((double)x.Codes[k]) * magnitudes[k];
            }

            return sum;
        }

        private static double Unit(OracleRow row)
        {
            double unit = 1;
            for (int k = 0; k < row.Inputs; k++)
            {
                unit = Math.Min(unit, Math.Abs((double)row.Scales[k]) * Granularity(Math.Abs((double)row.Values[k])));
            }

            return unit;
        }

        /// <summary>The greatest power of two, up to 1, that divides a value.</summary>
        private static double Granularity(double value)
        {
            double unit = 1;
            while (value / unit != Math.Floor(value / unit))
            {
                unit /= 2;
            }

            return unit;
        }
    }
}
