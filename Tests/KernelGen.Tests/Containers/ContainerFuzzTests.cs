using System;
using System.Collections.Generic;
using System.Text;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>
/// Mutates small valid files. Whatever comes out is either rejected with <see cref="ModelFileException"/> or can be read
/// in full; nothing outside the file is touched, which the guard pages around it enforce.
/// </summary>
public sealed class ContainerFuzzTests
{
    private static readonly ulong[] Interesting =
        [0, 1, 2, 31, 32, 255, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue];

    [Fact]
    public void Every_single_byte_of_gguf_mutated() => EveryByte(SmallGguf());

    [Fact]
    public void Every_single_byte_of_safetensors_mutated() => EveryByte(SmallSafetensors());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Gguf_mutated_at_random(int seed) => AtRandom(Samples.Gguf().ToArray(), seed, text: false);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Safetensors_mutated_at_random(int seed) => AtRandom(Samples.Safetensors(), seed, text: true);

    private static byte[] SmallGguf() => new GgufImage { NoFinalPadding = true }
        .Metadata("a", GgufValueType.Array, w => w.Put((uint)GgufValueType.String).Put(2ul).String("x").String("yz"))
        .Metadata("n", GgufValueType.Array, w => w.Put((uint)GgufValueType.Array).Put(1ul).Put((uint)GgufValueType.Float64).Put(1ul).Put(1.0))
        .Tensor("t", GgmlType.F16, [3, 2], Samples.Bytes(12))
        .Tensor("q", GgmlType.Q8_0, [32], Samples.Bytes(34)).ToArray();

    private static byte[] SmallSafetensors() => SafetensorsImage.Of(
        "{\"__metadata__\":{\"k\":\"v\\n\"},"
        + SafetensorsImage.Entry("a", "F16", "2,3", "2,14") + "," + SafetensorsImage.Entry("b", "F4", "4", "0,2") + "}", 14);

    private static void EveryByte(byte[] valid)
    {
        int accepted = 0;
        int rejected = 0;
        for (int at = 0; at < valid.Length; at++)
        {
            byte original = valid[at];
            for (int change = 1; change < 256; change += change < 16 || change > 250 ? 1 : 13)
            {
                valid[at] = (byte)(original ^ change);
                Try(valid, ref accepted, ref rejected);
            }

            valid[at] = original;
        }

        Assert.True(accepted > 100 && rejected > 1000, $"{accepted} accepted, {rejected} rejected");
    }

    private static void AtRandom(byte[] valid, int seed, bool text)
    {
        var random = new Random(seed);
        int accepted = 0;
        int rejected = 0;
        for (int round = 0; round < 10_000; round++)
        {
            var image = new List<byte>(valid);
            for (int changes = 1 + random.Next(4); changes > 0 && image.Count > 8; changes--)
            {
                Mutate(image, random, text);
            }

            Try([.. image], ref accepted, ref rejected);
        }

        Assert.True(accepted > 100 && rejected > 1000, $"{accepted} accepted, {rejected} rejected");
    }

    private static void Mutate(List<byte> image, Random random, bool text)
    {
        int at = random.Next(image.Count);
        switch (random.Next(text ? 7 : 6))
        {
            case 0:
                image[at] = (byte)random.Next(256);
                break;
            case 1:
                image[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                image.RemoveRange(at, Math.Min(image.Count - at, 1 + random.Next(16)));
                break;
            case 3:
                image.InsertRange(at, image.GetRange(random.Next(image.Count / 2), random.Next(image.Count / 4)));
                break;
            case 4:
                image.RemoveRange(at, random.Next(2) * (image.Count - at));
                break;
            case 5:
                Overwrite(image, at, BitConverter.GetBytes(Interesting[random.Next(Interesting.Length)]), 1 << random.Next(4));
                break;
            default:
                // A number of the header, its length kept right so that the fault is found inside.
                image.Insert(at, (byte)('0' + random.Next(10)));
                Overwrite(image, 0, BitConverter.GetBytes(BitConverter.ToUInt64([.. image[..8]]) + 1), 8);
                break;
        }
    }

    private static void Overwrite(List<byte> image, int at, byte[] bytes, int count)
    {
        for (int i = 0; i < count && at + i < image.Count; i++)
        {
            image[at + i] = bytes[i];
        }
    }

    private static void Try(byte[] image, ref int accepted, ref int rejected)
    {
        using var atEnd = new GuardedBytes(image);
        using var atStart = new GuardedBytes(image, atStart: true);
        string? first = Outcome(atEnd.File, image);
        string? second = Outcome(atStart.File, image);
        Assert.Equal(first, second);
        if (first is null)
        {
            accepted++;
        }
        else
        {
            rejected++;
        }
    }

    // Null when the file was accepted; otherwise why it was not.
    private static string? Outcome(MappedFile mapped, byte[] image)
    {
        try
        {
            bool gguf = image.AsSpan().StartsWith("GGUF"u8);
            ReadAll(gguf ? GgufFile.Read(mapped) : SafetensorsFile.Read(mapped), image.Length);
            return null;
        }
        catch (ModelFileException e)
        {
            Assert.InRange(e.Offset, 0, image.Length);
            return e.Message;
        }
    }

    private static void ReadAll(IModelFile file, long length)
    {
        long total = 0;
        foreach (ModelTensor tensor in file.Tensors)
        {
            total += tensor.Data.Length;
            int sum = 0;
            foreach (byte value in tensor.Data.AsSpan())
            {
                sum += value;
            }

            if (tensor.IsFloat)
            {
                Assert.True(tensor.TryReadFloat32(new float[tensor.ElementCount]));
                if (tensor.Rows > 0)
                {
                    Assert.True(tensor.TryReadRow(tensor.Rows - 1, new float[tensor.Columns]));
                }
            }

            Assert.Same(tensor, file.Find(tensor.Name));
        }

        Assert.InRange(total, 0, length);
        if (file is GgufFile gguf)
        {
            var text = new StringBuilder();
            foreach ((string key, GgufValue value) in gguf.Metadata)
            {
                text.Append(key).Append(value);
            }
        }
    }
}
