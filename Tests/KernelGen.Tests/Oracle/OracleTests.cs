using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Generator.Model;
using Xunit;

namespace KernelGen.Tests.Oracle;

/// <summary>The oracle itself: against the declarations' own invariants and, where they are present, ggml's decoded vectors.</summary>
public class OracleTests
{
    public static TheoryData<string> Formats() => new(DeclaredFormats.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryBitOfABlockHoldsOneBitOfOneQuantity(string format) =>
        Assert.All(DeclaredFormats.OracleOf(format).BitUse(), use => Assert.Equal(1, use));

    [Theory]
    [MemberData(nameof(Formats))]
    public void PackingWhatWasUnpackedRestoresTheBlock(string format)
    {
        FormatOracle oracle = DeclaredFormats.OracleOf(format);
        Random random = new(1);
        byte[] block = new byte[oracle.BlockBytes];
        random.NextBytes(block);
        (uint[] codes, uint[] parameters) = oracle.UnpackBlock(block);
        Assert.Equal(block, oracle.PackBlock(codes, parameters));
        Assert.All(codes, code => Assert.InRange(code, 0, oracle.CodeCount - 1));
    }

    [SharedFact("vectors/ggml")]
    public void GgmlVectorsDecodeBitForBit()
    {
        string folder = SharedFiles.Find("vectors/ggml")!;
        int inputs = 2048;
        int count = 0;
        List<string> wrong = [];
        foreach (FormatSpec spec in DeclaredFormats.All.Values)
        {
            string? path = Directory.EnumerateFiles(folder, "*.q")
                .Where(f => File.Exists(f[..^2] + ".deq.f32"))
                .FirstOrDefault(f => Path.GetFileName(f).Equals(spec.Type.Name + ".q", StringComparison.OrdinalIgnoreCase)
                    || Path.GetFileName(f).Equals(spec.Type.Name + ".im.q", StringComparison.OrdinalIgnoreCase));
            if (path is null)
            {
                continue;
            }

            count++;
            FormatOracle oracle = new(spec);
            byte[] bytes = File.ReadAllBytes(path);
            ReadOnlySpan<float> expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path[..^2] + ".deq.f32"));
            int rowBytes = (int)oracle.RowBytes(inputs);
            for (int row = 0; row < bytes.Length / rowBytes; row++)
            {
                float[] actual = oracle.DecodeRow(bytes.AsSpan(row * rowBytes, rowBytes), [], [], inputs).Weights;
                if (!MemoryMarshal.AsBytes<float>(actual).SequenceEqual(MemoryMarshal.AsBytes(expected.Slice(row * inputs, inputs))))
                {
                    wrong.Add($"{spec.Type.Name} row {row}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(27, count);
    }

    /// <summary>A declaration with every kind of level, decoded by hand.</summary>
    [Fact]
    public void LevelsMultiplyFromTheLargestExtentToTheSmallest()
    {
        FormatSpec simple = Assert.Single(DeclaredFormats.Parse("""
            using KernelGen;
            [Block(8)]
            [Scale(ScalarType.Float16)]
            [Codes(4, CodeKind.SignMagnitude)]
            public readonly partial record struct Levels;
            """));
        FormatOracle oracle = new(simple with
        {
            Block = simple.Block with { Bytes = 10 },
            Parameters = new(
            [
                new(ParameterRole.Scale, "group", new(StoredClass.Signed, 8), ParameterExtent.Block, 4, 0.25f, 1, false),
                new(ParameterRole.Scale, "row", new(StoredClass.Float32, 32), ParameterExtent.Row, 0, 1, 0, false),
                new(ParameterRole.Scale, "tensor", new(StoredClass.Float16, 16), ParameterExtent.Tensor, 0, 1, 0, false),
                new(ParameterRole.Scale, "block", new(StoredClass.Exponent8, 8), ParameterExtent.Block, 8, 0.5f, 0, false),
                new(ParameterRole.Min, "min", new(StoredClass.BFloat16, 16), ParameterExtent.Block, 8, 1, 0, true),
                new(ParameterRole.Zero, "zero", new(StoredClass.Unsigned, 4), ParameterExtent.Block, 4, 1, 0, false),
            ]),
            Slices = new(
            [
                new(0, 0, 0, 8, 0, new([new Dimension(2, 8)])),
                new(3, 0, 0, 8, 16, default),
                new(4, 0, 0, 16, 24, default),
                new(5, 0, 0, 4, 40, new([new Dimension(2, 4)])),
                new(SliceSpec.CodesQuantity, 0, 0, 4, 48, new([new Dimension(8, 4)])),
            ]),
        });
        byte[] block = oracle.PackBlock([0x3, 0xB, 8, 0, 7, 0, 0, 15], [4, 0xFE, 128, 0x3F80, 2, 9]);
        byte[] row = BitConverter.GetBytes(3f);
        byte[] tensor = BitConverter.GetBytes((Half)10);
        float[] weights = oracle.DecodeRow(block, row, tensor, 8).Weights;

        // Tensor 10, row 3, block 2^1 / 2, group 4/4 + 1 = 2 and -2/4 + 1 = 0.5; minus 1.
        Assert.Equal(
            [(60 * (3 - 2)) - 1, (60 * (-3 - 2)) - 1, (60 * (0 - 2)) - 1, (60 * (0 - 2)) - 1,
                (15 * (7 - 9)) - 1, (15 * (0 - 9)) - 1, (15 * (0 - 9)) - 1, (15 * (-7 - 9)) - 1],
            weights);
    }

    [Fact]
    public void AGuardedBufferEndsWithItsPage()
    {
        using Memory.GuardedMemory memory = Memory.GuardedMemory.BeforeGuard(5);
        memory.Bytes.Fill(7);
        unsafe
        {
            Assert.Equal(0u, (nuint)(memory.Pointer + 5) % (nuint)(OperatingSystem.IsLinux() ? Environment.SystemPageSize : 1));
        }
    }
}
