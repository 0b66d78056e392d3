using System;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

public sealed unsafe class FloatReaderTests
{
    private static readonly ushort[] AllHalves = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];

    [Fact]
    public void Every_binary16_is_widened_exactly()
    {
        float[] read = Read(FloatEncoding.Float16, AllHalves);
        for (int i = 0; i < read.Length; i++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            if (float.IsNaN(expected))
            {
                Assert.True(float.IsNaN(read[i]));
                Assert.Equal((i >> 15) != 0, float.IsNegative(read[i]));
            }
            else
            {
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(read[i]));
            }
        }
    }

    [Fact]
    public void Every_bfloat16_is_widened_exactly()
    {
        float[] read = Read(FloatEncoding.BFloat16, AllHalves);
        for (int i = 0; i < read.Length; i++)
        {
            Assert.Equal((uint)i << 16, BitConverter.SingleToUInt32Bits(read[i]));
        }
    }

    [Theory]
    [InlineData(FloatEncoding.Float16)]
    [InlineData(FloatEncoding.BFloat16)]
    public void The_tail_gives_the_same_bits_as_the_vectors(FloatEncoding encoding)
    {
        float[] whole = Read(encoding, AllHalves);
        for (int i = 0; i < AllHalves.Length; i++)
        {
            float one = Read(encoding, [AllHalves[i]])[0];
            Assert.Equal(BitConverter.SingleToUInt32Bits(whole[i]), BitConverter.SingleToUInt32Bits(one));
        }
    }

    [Theory]
    [InlineData(GgmlType.F32, 4)]
    [InlineData(GgmlType.F16, 2)]
    [InlineData(GgmlType.BF16, 2)]
    public void Every_length_stays_inside_its_tensor(GgmlType type, int size)
    {
        for (int columns = 1; columns <= 70; columns++)
        {
            byte[] image = new GgufImage { NoFinalPadding = true }.Tensor("t", type, [(ulong)columns, 2], Samples.Bytes(columns * 2 * size)).ToArray();
            using var bytes = new GuardedBytes(image);
            GgufTensor tensor = GgufFile.Read(bytes.File).Tensors[0];
            var whole = new float[columns * 2];
            var row = new float[columns + 1];
            row[^1] = 42;
            Assert.True(tensor.TryReadFloat32(whole));
            Assert.True(tensor.TryReadRow(1, row.AsSpan(0, columns)));
            Assert.Equal(42, row[^1]);
            Assert.Equal(
                MemoryMarshal.AsBytes(whole.AsSpan(columns)).ToArray(),
                MemoryMarshal.AsBytes(row.AsSpan(0, columns)).ToArray());
        }
    }

    [Fact]
    public void A_destination_of_another_length_is_refused()
    {
        using var bytes = new GuardedBytes(Samples.Gguf().ToArray());
        GgufTensor tensor = GgufFile.Read(bytes.File).Find("weight")!;
        Assert.Throws<ArgumentException>(() => tensor.TryReadFloat32(new float[5]));
        Assert.Throws<ArgumentException>(() => tensor.TryReadFloat32(new float[7]));
        Assert.Throws<ArgumentException>(() => tensor.TryReadRow(0, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.TryReadRow(2, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(-1));
    }

    private static float[] Read(FloatEncoding encoding, ushort[] halves)
    {
        var result = new float[halves.Length];
        fixed (ushort* source = halves)
        {
            FloatReader.Read(encoding, (byte*)source, result);
        }

        return result;
    }
}
