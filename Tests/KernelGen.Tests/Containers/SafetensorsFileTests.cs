using System;
using System.Linq;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Tensors_are_listed_in_the_order_of_their_data()
    {
        byte[] image = Samples.Safetensors();
        using var bytes = new GuardedBytes(image);
        SafetensorsFile file = SafetensorsFile.Read(bytes.File);

        Assert.Equal(["half", "scalar", "weight", "none", "extra"], file.Tensors.Select(t => t.Name));
        Assert.Equal(image.Length - 37, file.DataOffset);
        Assert.Equal(["format", "größe"], file.Metadata.Keys);
        Assert.Equal("klein", file.Metadata["größe"]);

        SafetensorsTensor weight = file.Find("weight")!;
        Assert.Equal((SafetensorsType.F32, "F32", 10L, 2L, 3L), (weight.Type, weight.ElementType, weight.Begin, weight.Rows, weight.Columns));
        Assert.Equal([2, 3], weight.Shape);
        var row = new float[3];
        Assert.True(weight.TryReadRow(1, row));
        Assert.Equal([4f, 5f, 6f], row);

        Assert.Equal((0, 1L, 1L, 2L), (file.Tensors[1].Shape.Count, file.Tensors[1].Rows, file.Tensors[1].Columns, file.Tensors[1].Data.Length));
        Assert.Equal((4L, 0L, 0L, 0L), (file.Tensors[3].Rows, file.Tensors[3].Columns, file.Tensors[3].ElementCount, file.Tensors[3].Data.Length));
        Assert.Equal(0, file.Tensors[3].Row(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Tensors[3].Row(4));
        Assert.Equal([1, 2, 3], file.Find("extra")!.Data.AsSpan().ToArray());
        Assert.Equal([3], file.Find("extra")!.Row(2).AsSpan().ToArray());
        Assert.Null(file.Find("Weight"));
    }

    [Theory]
    [InlineData("BOOL", 8)]
    [InlineData("F4", 4)]
    [InlineData("F6_E2M3", 6)]
    [InlineData("F6_E3M2", 6)]
    [InlineData("U8", 8)]
    [InlineData("I8", 8)]
    [InlineData("F8_E5M2", 8)]
    [InlineData("F8_E4M3", 8)]
    [InlineData("F8_E8M0", 8)]
    [InlineData("F8_E4M3FNUZ", 8)]
    [InlineData("F8_E5M2FNUZ", 8)]
    [InlineData("I16", 16)]
    [InlineData("U16", 16)]
    [InlineData("F16", 16)]
    [InlineData("BF16", 16)]
    [InlineData("I32", 32)]
    [InlineData("U32", 32)]
    [InlineData("F32", 32)]
    [InlineData("C64", 64)]
    [InlineData("F64", 64)]
    [InlineData("I64", 64)]
    [InlineData("U64", 64)]
    public void Every_dtype_has_its_size(string dtype, int bits)
    {
        using var bytes = new GuardedBytes(SafetensorsImage.Of($"{{{SafetensorsImage.Entry("t", dtype, "3,4", $"0,{12 * bits / 8}")}}}", 12 * bits / 8));
        SafetensorsTensor tensor = SafetensorsFile.Read(bytes.File).Tensors[0];
        Assert.Equal(dtype, tensor.ElementType);
        Assert.Equal(dtype.Replace("_", "", StringComparison.Ordinal), tensor.Type.ToString(), ignoreCase: true);
        Assert.Equal(4 * bits / 8, tensor.RowBytes);
        Assert.Equal(dtype is "F32" or "F16" or "BF16", tensor.IsFloat);
    }

    [Fact]
    public void Rows_that_start_within_a_byte_cannot_be_taken()
    {
        using var bytes = new GuardedBytes(SafetensorsImage.Of($"{{{SafetensorsImage.Entry("t", "F4", "2,3", "0,3")}}}", 3));
        SafetensorsTensor tensor = SafetensorsFile.Read(bytes.File).Tensors[0];
        Assert.Throws<InvalidOperationException>(() => tensor.Row(1));
        Assert.Throws<InvalidOperationException>(() => tensor.RowBytes);
        Assert.False(tensor.TryReadRow(1, new float[3]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{}      ")]
    [InlineData("{\"__metadata__\":null}")]
    [InlineData("{\"__metadata__\":{}}")]
    public void A_file_without_tensors_is_valid(string header)
    {
        using var bytes = new GuardedBytes(SafetensorsImage.Of(header));
        SafetensorsFile file = SafetensorsFile.Read(bytes.File);
        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Empty_tensors_may_share_a_place()
    {
        string header = $"{{{SafetensorsImage.Entry("b", "F32", "0,9223372036854775807", "1,1")},{SafetensorsImage.Entry("c", "F32", "0", "0,0")},{SafetensorsImage.Entry("a", "U8", "1", "0,1")}}}";
        using var bytes = new GuardedBytes(SafetensorsImage.Of(header, 1));
        Assert.Equal(["c", "a", "b"], SafetensorsFile.Read(bytes.File).Tensors.Select(t => t.Name));
    }

    [Fact]
    public void An_open_file_can_be_listed_as_any_model_file_and_is_dead_after_Dispose()
    {
        using var temp = new TempFile(Samples.Safetensors());
        IModelFile file = ModelFile.Open(temp.Path);
        Assert.IsType<SafetensorsFile>(file);
        Assert.Equal(temp.Path, file.Path);
        Assert.Equal(["half", "weight"], file.Tensors.Where(t => t.IsMatrix && t.IsFloat).Select(t => t.Name));
        ModelTensor tensor = file.Find("weight")!;
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.TryReadRow(0, new float[3]));
    }
}
