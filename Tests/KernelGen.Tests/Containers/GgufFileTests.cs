using System;
using System.Linq;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

public sealed class GgufFileTests
{
    [Theory]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Metadata_of_every_type_is_read(uint version)
    {
        using var bytes = new GuardedBytes(Samples.Gguf(version: version).ToArray());
        GgufFile file = GgufFile.Read(bytes.File);

        Assert.Equal((int)version, file.Version);
        Assert.Equal(
            ["general.alignment", "u8", "i8", "u16", "i16", "u32", "i32", "f32", "yes", "text", "u64", "i64", "f64", "floats", "bools", "tokens", "nested"],
            file.Metadata.Keys);
        Assert.Equal(200, file.Metadata["u8"].AsInt64());
        Assert.Equal(-100, file.Metadata["i8"].AsInt64());
        Assert.Equal(60000, file.Metadata["u16"].AsInt64());
        Assert.Equal(-30000, file.Metadata["i16"].AsInt64());
        Assert.Equal(4_000_000_000, file.Metadata["u32"].AsInt64());
        Assert.Equal(-2_000_000_000, file.Metadata["i32"].AsInt64());
        Assert.Equal(1.5, file.Metadata["f32"].AsDouble());
        Assert.True(file.Metadata["yes"].AsBool());
        Assert.Equal("größe", file.Metadata["text"].AsString());
        Assert.Equal(ulong.MaxValue, file.Metadata["u64"].AsUInt64());
        Assert.Equal(long.MinValue, file.Metadata["i64"].AsInt64());
        Assert.Equal(-0.1, file.Metadata["f64"].AsDouble());
        Assert.Equal([1f, 2f, 3f], file.Metadata["floats"].AsSpan<float>().ToArray());
        Assert.Equal([false, true], file.Metadata["bools"].AsSpan<bool>().ToArray());
        Assert.Equal(["a", "", "bc"], file.Metadata["tokens"].AsStrings());
        Assert.Equal(GgufValueType.Array, file.Metadata["nested"].ElementType);
        Assert.Equal([-1, 2], file.Metadata["nested"].AsArrays()[0].AsSpan<short>().ToArray());
        Assert.Equal(["deep"], file.Metadata["nested"].AsArrays()[1].AsStrings());
    }

    [Fact]
    public void A_value_of_another_type_is_not_converted()
    {
        using var bytes = new GuardedBytes(Samples.Gguf().ToArray());
        GgufFile file = GgufFile.Read(bytes.File);
        Assert.Throws<InvalidOperationException>(() => file.Metadata["text"].AsInt64());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["u8"].AsDouble());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["u8"].AsBool());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["floats"].AsSpan<int>().Length);
        Assert.Throws<InvalidOperationException>(() => file.Metadata["floats"].AsStrings());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["floats"].AsArrays());
        Assert.Throws<OverflowException>(() => file.Metadata["u64"].AsInt64());
        Assert.Throws<OverflowException>(() => file.Metadata["i8"].AsUInt64());
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_kept_as_bytes()
    {
        byte[] odd = [0xFF, 0xFE];
        byte[] image = new GgufImage()
            .Metadata("token", GgufValueType.String, w => w.String(odd))
            .Metadata("tokens", GgufValueType.Array, w => w.Put((uint)GgufValueType.String).Put(1ul).String(odd)).ToArray();
        using var bytes = new GuardedBytes(image);
        GgufFile file = GgufFile.Read(bytes.File);
        Assert.Equal(odd, file.Metadata["token"].AsUtf8().ToArray());
        Assert.Equal(odd, file.Metadata["tokens"].AsUtf8List()[0].ToArray());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["token"].AsString());
        Assert.Throws<InvalidOperationException>(() => file.Metadata["tokens"].AsStrings());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(4096)]
    public void Tensors_are_found_at_every_alignment(int alignment)
    {
        GgufImage image = Samples.Gguf(alignment);
        using var bytes = new GuardedBytes(image.ToArray());
        GgufFile file = GgufFile.Read(bytes.File);

        Assert.Equal(alignment, file.Alignment);
        Assert.Equal(image.Marks["data"], file.DataOffset);
        Assert.Equal(0, file.TrailingBytes);
        Assert.Equal(["weight", "quantized", "half", "scalar", "cube"], file.Tensors.Select(t => t.Name));

        GgufTensor weight = file.Tensors[0];
        Assert.Equal([3, 2], weight.Dimensions);
        Assert.Equal([2, 3], weight.Shape);
        Assert.Equal((2, 3, 6, true, true), (weight.Rows, weight.Columns, weight.ElementCount, weight.IsMatrix, weight.IsFloat));
        var row = new float[3];
        Assert.True(weight.TryReadRow(1, row));
        Assert.Equal([4f, 5f, 6f], row);

        GgufTensor quantized = file.Tensors[1];
        Assert.Equal((GgmlType.Q4_0, 2u, "Q4_0", 32, 18), (quantized.Type, quantized.TypeId, quantized.ElementType, quantized.BlockLength, quantized.BlockBytes));
        Assert.Equal(Samples.Bytes(72), quantized.Data.AsSpan().ToArray());
        Assert.Equal(Samples.Bytes(72)[36..], quantized.Row(1).AsSpan().ToArray());
        Assert.False(quantized.TryReadRow(0, new float[64]));
        Assert.Equal(0, quantized.Offset % alignment);

        Assert.Equal((1, 1, 0), ((int)file.Tensors[3].Rows, (int)file.Tensors[3].Columns, file.Tensors[3].Shape.Count));
        Assert.Equal([1, 4, 3, 2], file.Tensors[4].Shape);
        Assert.Equal((12, 2), (file.Tensors[4].Rows, file.Tensors[4].Columns));
        Assert.Same(file.Tensors[2], file.Find("half"));
        Assert.Null(file.Find("Half"));
    }

    [Fact]
    public void The_padding_after_the_last_tensor_may_be_missing()
    {
        byte[] image = new GgufImage { NoFinalPadding = true }.Tensor("t", GgmlType.F32, [1], Samples.Floats(7)).ToArray();
        using var bytes = new GuardedBytes(image);
        GgufFile file = GgufFile.Read(bytes.File);
        var value = new float[1];
        Assert.True(file.Tensors[0].TryReadFloat32(value));
        Assert.Equal(7, value[0]);
        Assert.Equal(0, file.TrailingBytes);
    }

    [Fact]
    public void Bytes_after_the_padding_are_counted()
    {
        byte[] image = [.. new GgufImage().Tensor("t", GgmlType.F32, [1], Samples.Floats(7)).ToArray(), 1, 2, 3];
        using var bytes = new GuardedBytes(image);
        Assert.Equal(3, GgufFile.Read(bytes.File).TrailingBytes);
    }

    [Fact]
    public void A_file_without_tensors_or_padding_is_valid()
    {
        byte[] image = new GgufImage { NoFinalPadding = true }.Metadata("k", GgufValueType.UInt8, w => w.Put((byte)1)).ToArray();
        using var bytes = new GuardedBytes(image);
        GgufFile file = GgufFile.Read(bytes.File);
        Assert.Empty(file.Tensors);
        Assert.Equal(0, file.TrailingBytes);
    }

    [Fact]
    public void Names_of_the_longest_allowed_length_are_read()
    {
        string longest = new('n', 65_535);
        byte[] image = new GgufImage().Metadata(longest, GgufValueType.UInt8, w => w.Put((byte)1)).Tensor(longest, GgmlType.I8, [1], [9]).ToArray();
        using var bytes = new GuardedBytes(image);
        GgufFile file = GgufFile.Read(bytes.File);
        Assert.Equal(longest, file.Metadata.Keys.Single());
        Assert.NotNull(file.Find(longest));
    }

    [Fact]
    public void An_open_file_can_be_listed_as_any_model_file_and_is_dead_after_Dispose()
    {
        using var temp = new TempFile(Samples.Gguf().ToArray());
        IModelFile file = ModelFile.Open(temp.Path);
        Assert.IsType<GgufFile>(file);
        Assert.Equal(temp.Path, file.Path);
        Assert.Equal(["weight"], file.Tensors.Where(t => t.IsMatrix && t.IsFloat).Select(t => t.Name));
        Assert.Same(file.Tensors[0], file.Find("weight"));
        ModelTensor tensor = file.Tensors[0];
        Assert.Equal("weight F32 [2, 3]", tensor.ToString());
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Data.AsSpan().Length);
        Assert.Throws<ObjectDisposedException>(() => tensor.TryReadRow(0, new float[3]));
        Assert.Equal("größe", ((GgufFile)file).Metadata["text"].AsString());
    }

    [Fact]
    public void The_type_table_matches_the_enumeration()
    {
        Assert.Equal(Enum.GetValues<GgmlType>(), GgmlTypeInfo.All.Select(t => t.Type));
        Assert.All(GgmlTypeInfo.All, t => Assert.Equal(t.Type.ToString(), t.Name));
        Assert.Equal((256, 144), (GgmlTypeInfo.Get(GgmlType.Q4_K).BlockLength, GgmlTypeInfo.Get(GgmlType.Q4_K).BlockBytes));
        Assert.False(GgmlTypeInfo.TryGet(4, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => GgmlTypeInfo.Get((GgmlType)99));
    }

    [Fact]
    public void Every_type_is_sized_by_its_blocks()
    {
        foreach (GgmlTypeInfo type in GgmlTypeInfo.All)
        {
            byte[] image = new GgufImage { NoFinalPadding = true }
                .Tensor("t", type.Type, [(ulong)type.BlockLength * 2, 3], new byte[type.BlockBytes * 6]).ToArray();
            using var bytes = new GuardedBytes(image);
            GgufTensor tensor = GgufFile.Read(bytes.File).Tensors[0];
            Assert.Equal(type.BlockBytes * 6, tensor.Data.Length);
            Assert.Equal(type.BlockBytes * 2, tensor.RowBytes);
            Assert.Equal(type.Name, tensor.ElementType);
        }
    }
}
