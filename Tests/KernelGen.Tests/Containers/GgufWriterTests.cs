using System;
using System.IO;
using System.Linq;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>GGUF files that are written: their bytes, and that there is none where something is wrong.</summary>
public sealed class GgufWriterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(65536)]
    public void What_was_read_is_written_byte_for_byte(int alignment)
    {
        // The image is built by hand, byte by byte, and has every type of value, nested arrays, and tensors of every number of dimensions.
        byte[] image = Samples.Gguf(alignment).ToArray();
        using TempFile original = new(image);
        using GgufFile file = GgufFile.Open(original.Path);
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in file.Metadata)
        {
            writer.SetMetadata(key, value);
        }

        file.Tensors.ToList().ForEach(writer.AddTensor);
        Assert.Equal(alignment, writer.Alignment);
        Assert.Equal(image, Bytes(writer));
    }

    [Fact]
    public void Values_that_are_made_have_the_bytes_of_their_types()
    {
        GgufWriter writer = new();
        writer.SetMetadata("general.alignment", GgufValue.Of(32u));
        writer.SetMetadata("u8", GgufValue.Of((byte)200));
        writer.SetMetadata("i8", GgufValue.Of((sbyte)-100));
        writer.SetMetadata("u16", GgufValue.Of((ushort)60000));
        writer.SetMetadata("i16", GgufValue.Of((short)-30000));
        writer.SetMetadata("u32", GgufValue.Of(4_000_000_000u));
        writer.SetMetadata("i32", GgufValue.Of(-2_000_000_000));
        writer.SetMetadata("f32", GgufValue.Of(1.5f));
        writer.SetMetadata("yes", GgufValue.Of(true));
        writer.SetMetadata("text", GgufValue.Of("größe"));
        writer.SetMetadata("u64", GgufValue.Of(ulong.MaxValue));
        writer.SetMetadata("i64", GgufValue.Of(long.MinValue));
        writer.SetMetadata("f64", GgufValue.Of(-0.1));
        writer.SetMetadata("floats", GgufValue.OfArray(1f, 2f, 3f));
        writer.SetMetadata("bools", GgufValue.OfArray(false, true));
        writer.SetMetadata("tokens", GgufValue.OfStrings(["a", "", "bc"]));
        writer.SetMetadata("nested", GgufValue.OfArrays([GgufValue.OfArray<short>(-1, 2), GgufValue.OfStrings(["deep"])]));
        writer.AddTensor("weight", GgmlType.F32, [2, 3], Samples.Floats(1, 2, 3, 4, 5, 6));
        writer.AddTensor("quantized", GgmlType.Q4_0, [2, 64], stream => stream.Write(Samples.Bytes(72)));
        writer.AddTensor("half", GgmlType.F16, [4], Samples.Bytes(8));
        writer.AddTensor("scalar", GgmlType.BF16, [], Samples.Bytes(2));
        writer.AddTensor("cube", GgmlType.I8, [1, 4, 3, 2], Samples.Bytes(24));
        Assert.Equal(Samples.Gguf().ToArray(), Bytes(writer));
    }

    [Fact]
    public void Every_kind_of_array_comes_back()
    {
        GgufWriter writer = new();
        writer.SetMetadata("u8", GgufValue.OfArray<byte>(1, 2));
        writer.SetMetadata("i8", GgufValue.OfArray<sbyte>(-1));
        writer.SetMetadata("u16", GgufValue.OfArray<ushort>(40000));
        writer.SetMetadata("u32", GgufValue.OfArray(4_000_000_000u));
        writer.SetMetadata("i32", GgufValue.OfArray(-7, 7));
        writer.SetMetadata("u64", GgufValue.OfArray(ulong.MaxValue));
        writer.SetMetadata("i64", GgufValue.OfArray(long.MinValue));
        writer.SetMetadata("f64", GgufValue.OfArray(0.1));
        writer.SetMetadata("none", GgufValue.OfArray<int>());
        writer.SetMetadata("long", GgufValue.OfArray<float>([.. Enumerable.Range(0, 200_000).Select(i => (float)i)]));
        writer.SetMetadata("u8", GgufValue.OfArray<byte>(3, 2, 1));
        using TempFile written = new(Bytes(writer));
        using GgufFile file = GgufFile.Open(written.Path);
        Assert.Equal(["u8", "i8", "u16", "u32", "i32", "u64", "i64", "f64", "none", "long"], file.Metadata.Keys);
        Assert.Equal([3, 2, 1], file.Metadata["u8"].AsSpan<byte>().ToArray());
        Assert.Equal([-1], file.Metadata["i8"].AsSpan<sbyte>().ToArray());
        Assert.Equal([40000], file.Metadata["u16"].AsSpan<ushort>().ToArray());
        Assert.Equal([4_000_000_000u], file.Metadata["u32"].AsSpan<uint>().ToArray());
        Assert.Equal([-7, 7], file.Metadata["i32"].AsSpan<int>().ToArray());
        Assert.Equal([ulong.MaxValue], file.Metadata["u64"].AsSpan<ulong>().ToArray());
        Assert.Equal([long.MinValue], file.Metadata["i64"].AsSpan<long>().ToArray());
        Assert.Equal([0.1], file.Metadata["f64"].AsSpan<double>().ToArray());
        Assert.Equal((GgufValueType.Int32, 0), (file.Metadata["none"].ElementType, file.Metadata["none"].Count));
        Assert.Equal(199_999f, file.Metadata["long"].AsSpan<float>()[^1]);
        Assert.Equal(0, file.TrailingBytes);
        Assert.Empty(file.Tensors);
    }

    [Fact]
    public void A_quantized_matrix_is_a_tensor()
    {
        float[] weights = [.. Enumerable.Range(0, 3 * 64).Select(i => MathF.Sin(i))];
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Formats.Q4_0.Descriptor, weights, 3, 64);
        GgufWriter writer = new();
        writer.AddTensor("w", GgmlType.Q4_0, matrix);
        Assert.Throws<ArgumentException>(() => writer.AddTensor("v", GgmlType.Q8_0, matrix));
        using TempFile written = new(Bytes(writer));
        using GgufFile file = GgufFile.Open(written.Path);
        GgufTensor tensor = Assert.Single(file.Tensors);
        Assert.Equal((3L, 64L, GgmlType.Q4_0), (tensor.Rows, tensor.Columns, tensor.Type));
        Assert.Equal(Stored(matrix), tensor.Data.AsSpan().ToArray());
    }

    [Fact]
    public void What_ggml_would_not_read_is_refused()
    {
        GgufWriter writer = new();
        writer.AddTensor("there", GgmlType.F32, [1], new byte[4]);
        Assert.All(
            new Action[]
            {
                () => writer.AddTensor("there", GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor("", GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor(new string('n', 64), GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor("ö" + new string('n', 62), GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor("zero\0", GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor("half\uD800", GgmlType.F32, [1], new byte[4]),
                () => writer.AddTensor("empty", GgmlType.F32, [2, 0], ReadOnlyMemory<byte>.Empty),
                () => writer.AddTensor("negative", GgmlType.F32, [-1, -1], new byte[4]),
                () => writer.AddTensor("five", GgmlType.F32, [1, 1, 1, 1, 1], new byte[4]),
                () => writer.AddTensor("vast", GgmlType.F32, [1L << 31, 1L << 31, 4], _ => { }),
                () => writer.AddTensor("bytes", GgmlType.F32, [1L << 62], _ => { }),
                () => writer.AddTensor("block", GgmlType.Q4_0, [2, 48], new byte[54]),
                () => writer.AddTensor("short", GgmlType.F32, [2], new byte[4]),
                () => writer.AddTensor("type", (GgmlType)4, [1], new byte[4]),
                () => writer.SetMetadata("", GgufValue.Of(1)),
                () => writer.SetMetadata(new string('k', 65_536), GgufValue.Of(1)),
                () => writer.SetMetadata("general.alignment", GgufValue.Of(24u)),
                () => writer.SetMetadata("general.alignment", GgufValue.Of(32)),
                () => writer.SetMetadata("general.alignment", GgufValue.Of(1u << 21)),
                () => GgufValue.Of("half\uDC00"),
                () => GgufValue.OfArray('c'),
                () => GgufValue.OfArrays([GgufValue.Of(1)]),
                () => Enumerable.Range(0, 4).Aggregate(GgufValue.OfArray(1), (value, _) => GgufValue.OfArrays([value])),
            },
            action => Assert.ThrowsAny<ArgumentException>(action));
        Assert.Equal(["there"], writer.TensorNames);
        Assert.Empty(writer.Metadata);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(3)]
    public void A_tensor_of_another_length_leaves_no_file_and_the_one_that_was_there(int bytes)
    {
        using TempFolder folder = new();
        string path = folder.File("model.gguf");
        GgufWriter writer = new();
        writer.AddTensor("good", GgmlType.F32, [1], new byte[4]);
        writer.AddTensor("bad", GgmlType.I8, [4], stream => stream.Write(new byte[bytes]));
        Assert.Contains("'bad'", Assert.Throws<InvalidOperationException>(() => writer.Write(path)).Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);

        File.WriteAllText(path, "before");
        Assert.Throws<InvalidOperationException>(() => writer.Write(path));
        Assert.Equal(["model.gguf"], folder.Names);
        Assert.Equal("before", File.ReadAllText(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_leaves_nothing()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder.File("taken"));
        Assert.ThrowsAny<SystemException>(() => new GgufWriter().Write(folder.File("taken")));
        Assert.Throws<DirectoryNotFoundException>(() => new GgufWriter().Write(folder.File("none/model.gguf")));
        Assert.Equal(["taken"], folder.Names);
    }

    [Fact]
    public void A_file_that_is_there_is_replaced()
    {
        using TempFolder folder = new();
        string path = folder.File("model.gguf");
        File.WriteAllText(path, "before");
        GgufWriter writer = new();
        writer.AddTensor("a", GgmlType.F32, [1], Samples.Floats(3));
        writer.Write(path);
        Assert.Equal(["model.gguf"], folder.Names);
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal(3, file.Version);
        Assert.Equal(Samples.Floats(3), file.Find("a")!.Data.AsSpan().ToArray());
    }

    private static byte[] Bytes(GgufWriter writer)
    {
        using MemoryStream stream = new();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static unsafe byte[] Stored(QuantizedMatrix matrix) => new ReadOnlySpan<byte>(matrix.Blocks, (int)matrix.BlockByteCount).ToArray();
}
