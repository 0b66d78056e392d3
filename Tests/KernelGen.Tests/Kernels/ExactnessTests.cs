using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// Integer sums are exact: with scales of 1 (or powers of two), integer zero points and minima, and activations that are
/// integers up to 127, every product is an exact f32 and must be met to the bit, for the codes that make the largest sums.
/// </summary>
public class ExactnessTests
{
    private static readonly string[] s_activations = ["all 127", "all -127", "alternating", "with the codes", "random"];

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void ExtremeCodesAndActivationsGiveExactIntegers(string format, KernelTarget target)
    {
        KernelCase test = KernelCase.Of(format, target);
        if (test.Descriptor.Int8TableError != 0)
        {
            return;
        }

        Random random = new(13);
        int inputs = Math.Max(1, 512 / test.Oracle.BlockInputs) * test.Oracle.BlockInputs;
        foreach ((string codes, Func<byte> code) in Codes(test, random))
        {
            StoredRows stored = StoredRows.OfUnitScales(test.Oracle, test.Descriptor.Panel.Rows, inputs, code, random);
            OracleRow[] rows = stored.Decode();
            if (!rows.All(IsExact))
            {
                continue;
            }

            using PackedPanel panel = new(test, stored);
            foreach (string kind in s_activations)
            {
                OracleActivations[] x =
                [
                    .. Enumerable.Range(0, test.Kernels.Int8Tiles.Max(k => k.Rows))
                        .Select(m => OracleActivations.Quantize(test.Descriptor.Activations, Activations(kind, m, rows[m % rows.Length], test, random))),
                ];
                Assert.All(x, row => Assert.All(row.Steps.Take(inputs / test.Descriptor.Activations.GroupInputs), step => Assert.Equal(1f, step)));
                string what = $"{codes} codes, {kind} activations";
                Check(test, rows[..1], x[0], [DotTests.DotInt8(test, stored, x[0])], "dot, " + what);
                Check(test, rows, x[0], panel.GemvInt8(x[0]), "GEMV, " + what);
                foreach (Int8TileKernel kernel in test.Kernels.Int8Tiles.Where(IsThere))
                {
                    float[][] products = panel.TileInt8(kernel, x[..kernel.Rows]);
                    for (int m = 0; m < kernel.Rows; m++)
                    {
                        Check(test, rows, x[m], products[m], $"tile of {kernel.Rows} row {m}, {what}");
                    }
                }
            }
        }
    }

    private static unsafe bool IsThere(Int8TileKernel kernel) => kernel.Kernel != null;

    private static void Check(KernelCase test, OracleRow[] rows, OracleActivations x, float[] actual, string what)
    {
        for (int r = 0; r < rows.Length; r++)
        {
            OracleProduct expected = OracleProduct.Int8(rows[r], test.Descriptor.Activations, x, test.Levels, 0);

            // Up to 2^24 units no f32 sum of the terms rounds; beyond, the bound decides.
            double unit = Math.Min(1, rows[r].Scales.Min(s => Math.Abs((double)s)) * Granularity(rows[r].Values));
            Assert.True(
                Sum(rows[r], x) < unit * (1 << 24) ? (float)expected.Value == actual[r] : expected.Admits(actual[r]),
                $"{what}, output {r}: {actual[r]:R}, expected {expected}");
        }
    }

    /// <summary>Σ of the magnitudes of all terms.</summary>
    private static double Sum(OracleRow row, OracleActivations x)
    {
        double sum = 0;
        for (int k = 0; k < row.Inputs; k++)
        {
            sum += Math.Abs((double)x.Codes[k])
                * ((Math.Abs((double)row.Scales[k]) * (Math.Abs((double)row.Values[k]) + Math.Abs((double)row.Zeros[k]))) + Math.Abs((double)row.Mins[k]));
        }

        return sum;
    }

    /// <summary>The greatest power of two, up to 1, of which all values are multiples.</summary>
    private static double Granularity(float[] values)
    {
        double unit = 1;
        while (values.Any(v => v / unit != Math.Round(v / unit)))
        {
            unit /= 2;
        }

        return unit;
    }

    private static bool IsExact(OracleRow row) =>
        row.Scales.All(s => s != 0 && float.IsFinite(s) && (BitConverter.SingleToInt32Bits(s) & 0x7FFFFF) == 0)
        && row.Zeros.Concat(row.Mins).All(z => z == MathF.Round(z) && Math.Abs(z) < 65536);

    private static IEnumerable<(string Name, Func<byte> Code)> Codes(KernelCase test, Random random)
    {
        float[] values = [.. Enumerable.Range(0, test.Oracle.CodeCount).Select(q => CodeDecoder.Value(test.Oracle.Spec, (uint)q))];
        byte least = (byte)Array.IndexOf(values, values.Min());
        byte most = (byte)Array.IndexOf(values, values.Max());
        yield return ("least", () => least);
        yield return ("greatest", () => most);
        yield return ("extreme", () => random.Next(2) == 0 ? least : most);
        yield return ("last", () => (byte)(test.Oracle.CodeCount - 1));
        yield return ("random", () => (byte)random.Next(test.Oracle.CodeCount));
    }

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
}
