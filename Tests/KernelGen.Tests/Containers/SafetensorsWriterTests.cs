using System;
using System.IO;
using System.Linq;
using System.Text;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>Safetensors files that are written.</summary>
public sealed class SafetensorsWriterTests
{
    [Fact]
    public void The_file_is_the_header_and_the_data_by_falling_element_size()
    {
        SafetensorsWriter writer = new();
        writer.SetMetadata("format", "pt");
        writer.SetMetadata("größe", "\"klein\"\n");
        writer.AddTensor("bytes", SafetensorsType.U8, [3], new byte[] { 1, 2, 3 });
        writer.AddTensor("half", SafetensorsType.F16, [2, 1], stream => stream.Write([4, 5, 6, 7]));
        writer.AddTensor("scalar", SafetensorsType.F32, [], new byte[] { 8, 9, 10, 11 });
        writer.AddTensor("none", SafetensorsType.I64, [4, 0], ReadOnlyMemory<byte>.Empty);
        string header = "{\"__metadata__\":{\"format\":\"pt\",\"größe\":\"\\\"klein\\\"\\n\"},"
            + SafetensorsImage.Entry("none", "I64", "4,0", "0,0") + "," + SafetensorsImage.Entry("scalar", "F32", "", "0,4") + ","
            + SafetensorsImage.Entry("half", "F16", "2,1", "4,8") + "," + SafetensorsImage.Entry("bytes", "U8", "3", "8,11") + "}";
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] padded = [.. text, .. Enumerable.Repeat((byte)' ', -text.Length & 7)];
        byte[] image = SafetensorsImage.Of(padded, [8, 9, 10, 11, 4, 5, 6, 7, 1, 2, 3]);
        Assert.Equal(image, Bytes(writer));

        using TempFile written = new(image);
        using SafetensorsFile file = SafetensorsFile.Open(written.Path);
        Assert.Equal("\"klein\"\n", file.Metadata["größe"]);
        Assert.Equal(["none", "scalar", "half", "bytes"], file.Tensors.Select(t => t.Name));
    }

    [Fact]
    public void What_readers_would_refuse_is_refused()
    {
        SafetensorsWriter writer = new();
        writer.AddTensor("there", SafetensorsType.U8, [1], new byte[1]);
        Assert.All(
            new Action[]
            {
                () => writer.AddTensor("there", SafetensorsType.U8, [1], new byte[1]),
                () => writer.AddTensor("__metadata__", SafetensorsType.U8, [1], new byte[1]),
                () => writer.AddTensor("", SafetensorsType.U8, [1], new byte[1]),
                () => writer.AddTensor("half\uD800", SafetensorsType.U8, [1], new byte[1]),
                () => writer.AddTensor("short", SafetensorsType.U8, [2], new byte[1]),
                () => writer.AddTensor("negative", SafetensorsType.U8, [-1], new byte[1]),
                () => writer.AddTensor("vast", SafetensorsType.U8, [1L << 40, 1L << 40], _ => { }),
                () => writer.AddTensor("bits", SafetensorsType.F4, [3], new byte[2]),
                () => writer.AddTensor("nine", SafetensorsType.U8, [1, 1, 1, 1, 1, 1, 1, 1, 1], new byte[1]),
                () => writer.SetMetadata("", "x"),
                () => writer.SetMetadata("x", "half\uDC00"),
            },
            action => Assert.ThrowsAny<ArgumentException>(action));
        using TempFile written = new(Bytes(writer));
        using SafetensorsFile file = SafetensorsFile.Open(written.Path);
        Assert.Equal("there", Assert.Single(file.Tensors).Name);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void A_tensor_of_another_length_leaves_no_file()
    {
        using TempFolder folder = new();
        SafetensorsWriter writer = new();
        writer.AddTensor("bad", SafetensorsType.F32, [2], stream => stream.Write(new byte[7]));
        Assert.Contains("'bad'", Assert.Throws<InvalidOperationException>(() => writer.Write(folder.File("x"))).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    private static byte[] Bytes(SafetensorsWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }
}
