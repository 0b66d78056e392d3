using System;
using System.Globalization;
using System.Linq;
using KernelGen.Epilogues;
using KernelGen.Formats;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Packed weights saved and loaded, and epilogues, with the generated kernels of every format and target.</summary>
public unsafe class PackedFileTests
{
    private const int Outputs = 35;

    /// <summary>
    /// Formats whose panels are more than a tenth larger than their stored rows, and how much: codes of several inputs and narrow parameters
    /// are expanded.
    /// </summary>
    private static readonly string[] Recoded =
        [
            "BitNetTL2 1.20", "BitNetTL2 1.21", "IQ1_M 2.04", "IQ1_S 1.64", "IQ2_S 1.39", "IQ2_XS 1.54", "IQ2_XXS 1.61", "IQ3_S 1.25", "IQ3_XXS 1.41",
            "NVFP4 1.11", "TQ1_0 1.22",
        ];

    [Theory]
    [MemberData(nameof(KernelCase.All), MemberType = typeof(KernelCase))]
    public void LoadedPanelsMultiplyDequantizeAndGiveTheRowsBack(string format, KernelTarget target)
    {
        KernelCase test = KernelCase.Of(format, target);
        Random random = new(31);
        int inputs = Enumerable.Range(0, 40).Select(i => test.Kernels.Panel.BlockInputs + 19 - i).Append(test.Kernels.Panel.BlockInputs).First(k => k > 0 && test.Oracle.Accepts(k));
        StoredRows stored = StoredRows.OfModerateScales(test.Oracle, Outputs, inputs, random);
        using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, Outputs, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
        matrix.Pack(target);
        byte[] saved = new byte[matrix.PackedFileByteCount];
        matrix.SavePacked(saved);
        using QuantizedMatrix loaded = QuantizedMatrix.LoadPacked(test.Descriptor, saved, target);

        foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
        {
            foreach (int rows in (int[])[1, 2, 7])
            {
                float[] x = TestInputs.Normal(rows * inputs, random);
                MultiplyOptions options = new() { Mode = mode, Target = target };
                float[] expected = new float[rows * Outputs];
                float[] actual = new float[rows * Outputs];
                matrix.Multiply(x, rows, expected, options);
                loaded.Multiply(x, rows, actual, options);
                Assert.Equal(Bits(expected), Bits(actual));
                loaded.Multiply(x, rows, actual, new Clamp(-1, 0.5f), options with { Threads = 2 });
                Assert.Equal(Bits(Array.ConvertAll(expected, y => y < -1 ? -1 : y > 0.5f ? 0.5f : y)), Bits(actual));
            }
        }

        float[] weights = new float[Outputs * inputs];
        float[] decoded = new float[Outputs * inputs];
        fixed (float* first = weights, second = decoded)
        {
            matrix.DequantizeRows(0, Outputs, first, inputs, target: target);
            loaded.DequantizeRows(0, Outputs, second, inputs, target: target);
        }

        Assert.Equal(Bits(weights), Bits(decoded));
        if (test.Kernels.UnpackPanel == null)
        {
            Assert.Throws<NotSupportedException>(() => loaded.RestoreRows());
            return;
        }

        using QuantizedMatrix restored = loaded.RestoreRows();
        Assert.True(new ReadOnlySpan<byte>(restored.Blocks, stored.Blocks.Length).SequenceEqual(stored.Blocks));
        Assert.True(new ReadOnlySpan<byte>(restored.RowSides, stored.RowSides.Length).SequenceEqual(stored.RowSides));
        Assert.True(new ReadOnlySpan<byte>(restored.TensorSide, stored.TensorSide.Length).SequenceEqual(stored.TensorSide));
    }

    [Fact]
    public void PackedSizesAreAtMostATenthAboveTheDeclaredOrReported()
    {
        const int Size = 4096;
        string[] larger =
        [
            .. from format in FormatCatalogue.All
               from kernels in format.Kernels
               let packed = (double)Size / kernels.Panel.Rows * kernels.Panel.PanelBytes(Size)
               let declared = ((double)Size * (format.RowBytes(Size) + format.RowSideBytes)) + format.MatrixSideBytes(Size)
               where packed > 1.1 * declared
               select $"{format.Name} {(packed / declared).ToString("F2", CultureInfo.InvariantCulture)}{(kernels.Plan.Contains("Panels are larger than the stored rows", StringComparison.Ordinal) ? string.Empty : ", not reported")}",
        ];
        string[] actual = [.. larger.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(Recoded.SequenceEqual(actual), string.Join(", ", actual.Select(line => $"\"{line}\"")));
    }

    private static int[] Bits(float[] values) => Array.ConvertAll(values, v => BitConverter.SingleToInt32Bits(v));
}
