using System;
using System.Linq;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>One test for each way in which a GGUF file can be wrong; each names the byte.</summary>
public sealed class GgufRejectionTests
{
    private static readonly byte[] Eight = Samples.Floats(1, 2);

    [Fact]
    public void Empty_file() => Reject.Gguf([], 0, "empty");

    [Theory]
    [InlineData("GG", 0)]
    [InlineData("GGUF", 4)]
    [InlineData("GGUF\u0003\0\0\0", 8)]
    [InlineData("GGUF\u0003\0\0\0\0\0\0\0\0\0\0\0", 16)]
    public void Header_cut_short(string text, long at) => Reject.Gguf(new ByteWriter().Text(text).ToArray(), at, "are left");

    [Fact]
    public void Wrong_magic() => Reject.Gguf(new ByteWriter().Text("GGML").Put(3u).ToArray(), 0, "'GGUF'");

    [Theory]
    [InlineData(0u, "version 0")]
    [InlineData(1u, "version 1")]
    [InlineData(4u, "version 4")]
    [InlineData(0x0300_0000u, "big-endian")]
    [InlineData(0x0200_0000u, "big-endian")]
    public void Unsupported_version(uint version, string reason) => Reject.Gguf(Samples.Gguf(version: version).ToArray(), 4, reason);

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    [InlineData(int.MaxValue + 1ul)]
    [InlineData(100ul)]
    public void Absurd_tensor_count(ulong count) => Reject.Gguf(new GgufImage { TensorCount = count }.ToArray(), 8, "tensors");

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    [InlineData(100ul)]
    public void Absurd_metadata_count(ulong count) => Reject.Gguf(new GgufImage { MetadataCount = count }.ToArray(), 16, "metadata entries");

    [Theory]
    [InlineData(8, 25)]
    [InlineData(16, 14)]
    public void More_entries_than_the_rest_of_the_file_can_hold(int countAt, int smallestEntry)
    {
        byte[] image = [.. new GgufImage().ToArray()[..24], .. new byte[(smallestEntry * 3) - 1]];
        int left = image.Length - countAt - 8;
        image[countAt] = (byte)((left / smallestEntry) + 1);
        Reject.Gguf(image, countAt, "can hold");
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(65_536ul)]
    [InlineData(ulong.MaxValue)]
    public void Key_empty_or_too_long(ulong length) =>
        Reject.Gguf(new GgufImage().RawMetadata(w => w.Put(length).Raw(new byte[70_000])).ToArray(), 24, "metadata key");

    [Fact]
    public void Key_past_the_end() => Reject.Gguf(new GgufImage().RawMetadata(w => w.Put(60_000ul).Text("0123456789")).ToArray(), 32, "are left");

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { (byte)'a', 0 })]
    public void Key_not_text(byte[] key) =>
        Reject.Gguf(new GgufImage().RawMetadata(w => w.String(key).Put(0u).Put((byte)1)).ToArray(), 32, "not UTF-8");

    [Fact]
    public void Duplicate_key()
    {
        GgufImage image = new GgufImage().Metadata("a", GgufValueType.UInt8, w => w.Put((byte)1)).Metadata("a", GgufValueType.Int8, w => w.Put((byte)1));
        Reject.Gguf(image.ToArray(), image.Marks["key a"], "occurs twice");
    }

    [Theory]
    [InlineData(13u)]
    [InlineData(uint.MaxValue)]
    public void Unknown_value_type(uint type) => Value((GgufValueType)type, w => w.Put(0ul), 0, "not a type");

    [Fact]
    public void Unknown_array_element_type() => Value(GgufValueType.Array, w => w.Put(13u).Put(0ul), 4, "not a type");

    [Fact]
    public void Value_cut_short() => Value(GgufValueType.UInt64, w => w.Put((ushort)0), 4, "are left");

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void Truth_value_neither_0_nor_1(byte value) => Value(GgufValueType.Bool, w => w.Put(value), 4, "only 0 and 1");

    [Fact]
    public void Truth_value_in_array_neither_0_nor_1() =>
        Value(GgufValueType.Array, w => w.Put((uint)GgufValueType.Bool).Put(3ul).Raw(0, 1, 2), 4 + 4 + 8 + 2, "only 0 and 1");

    [Theory]
    [InlineData(5ul, 12)]
    [InlineData(1ul << 28, 12)]
    [InlineData((1ul << 28) + 1, 4)]
    [InlineData(ulong.MaxValue, 4)]
    public void String_past_the_end(ulong length, int at) => Value(GgufValueType.String, w => w.Put(length).Text("abcd"), at, "string");

    [Theory]
    [InlineData(GgufValueType.UInt8, 9ul)]
    [InlineData(GgufValueType.UInt16, 5ul)]
    [InlineData(GgufValueType.Float32, 3ul)]
    [InlineData(GgufValueType.UInt64, 2ul)]
    [InlineData(GgufValueType.Float64, 2ul)]
    [InlineData(GgufValueType.Bool, 9ul)]
    [InlineData(GgufValueType.String, 2ul)]
    [InlineData(GgufValueType.Array, 1ul)]
    [InlineData(GgufValueType.UInt64, 1ul << 28)]
    [InlineData(GgufValueType.UInt8, (1ul << 28) + 1)]
    [InlineData(GgufValueType.UInt64, 1ul << 61)]
    [InlineData(GgufValueType.UInt64, ulong.MaxValue)]
    public void Array_past_the_end(GgufValueType type, ulong count) =>
        Value(GgufValueType.Array, w => w.Put((uint)type).Put(count).Put(0ul), 8, "rray");

    [Fact]
    public void String_in_array_past_the_end() =>
        Value(GgufValueType.Array, w => w.Put((uint)GgufValueType.String).Put(2ul).String("").Put(1ul), 4 + 4 + 8 + 8 + 8, "string");

    [Fact]
    public void Array_nesting_too_deep() => Value(
        GgufValueType.Array,
        w =>
        {
            for (int i = 0; i < 1000; i++)
            {
                w.Put((uint)GgufValueType.Array).Put(1ul);
            }
        },
        4 + (4 * 12),
        "nested");

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(48u)]
    [InlineData(1u << 21)]
    [InlineData(uint.MaxValue)]
    public void Alignment_zero_or_no_power_of_two_or_too_large(uint alignment)
    {
        GgufImage image = new GgufImage().Metadata("general.alignment", GgufValueType.UInt32, w => w.Put(alignment));
        Reject.Gguf(image.ToArray(), image.Marks["value general.alignment"], "power of two");
    }

    [Fact]
    public void Alignment_of_another_type()
    {
        GgufImage image = new GgufImage().Metadata("general.alignment", GgufValueType.UInt64, w => w.Put(32ul));
        Reject.Gguf(image.ToArray(), image.Marks["value general.alignment"], "UInt32");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1000)]
    public void Too_many_dimensions(int rank) => Tensor("rank t", "dimensions", GgmlType.F32, [.. Enumerable.Repeat(1ul, rank)]);

    [Theory]
    [InlineData(0, 0ul, 2ul)]
    [InlineData(1, 2ul, 0ul)]
    [InlineData(0, ulong.MaxValue, 2ul)]
    [InlineData(1, 2ul, 1ul << 63)]
    public void Dimension_zero_or_negative(int bad, ulong first, ulong second)
    {
        GgufImage image = new GgufImage().Tensor("t", GgmlType.F32, [first, second], Eight);
        Reject.Gguf(image.ToArray(), Mark(image, "shape t") + (8 * bad), $"Dimension {bad}");
    }

    [Theory]
    [InlineData(1ul << 32, 1ul << 31, 1ul, 1ul)]
    [InlineData(1ul << 32, 1ul << 32, 1ul, 1ul)]
    [InlineData(1ul << 21, 1ul << 21, 1ul << 21, 1ul << 21)]
    [InlineData((1ul << 63) - 1, (1ul << 63) - 1, (1ul << 63) - 1, (1ul << 63) - 1)]
    [InlineData(0x100000001ul, 0xFFFFFFFFul, 1ul, 3ul)]
    public void Element_count_overflow(ulong a, ulong b, ulong c, ulong d) => Tensor("shape t", "more elements", GgmlType.I8, a, b, c, d);

    [Fact]
    public void Element_count_of_exactly_2_to_the_63() => Tensor("shape t", "more elements", GgmlType.I8, 1ul << 32, 1ul << 31);

    [Theory]
    [InlineData(GgmlType.F32, 1ul << 61)]
    [InlineData(GgmlType.F64, 1ul << 60)]
    [InlineData(GgmlType.Q8_K, (1ul << 63) - 256)]
    public void Byte_size_overflow(GgmlType type, ulong columns) => Tensor("shape t", "more bytes", type, columns);

    [Theory]
    [InlineData(4u)]
    [InlineData(31u)]
    [InlineData(38u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void Unknown_or_retired_tensor_type(uint type) => Tensor("type t", $"type {type}", (GgmlType)type, 2);

    [Theory]
    [InlineData(GgmlType.Q4_0, 31ul)]
    [InlineData(GgmlType.Q4_0, 48ul)]
    [InlineData(GgmlType.Q4_K, 128ul)]
    [InlineData(GgmlType.NVFP4, 32ul)]
    public void Row_no_multiple_of_the_block(GgmlType type, ulong columns) => Tensor("shape t", "multiple", type, columns, 256);

    [Theory]
    [InlineData(0ul)]
    [InlineData(65_536ul)]
    [InlineData(ulong.MaxValue)]
    public void Tensor_name_empty_or_too_long(ulong length) =>
        Reject.Gguf([.. new GgufImage { TensorCount = 1 }.ToArray()[..24], .. new ByteWriter().Put(length).Raw(new byte[70_000]).ToArray()], 24, "tensor name");

    [Fact]
    public void Tensor_name_not_UTF8() => Reject.Gguf(
        [.. new GgufImage { TensorCount = 1 }.ToArray()[..24], .. new ByteWriter().String([0xFF, 0xFF]).Raw(new byte[64]).ToArray()], 32, "not UTF-8");

    [Fact]
    public void Duplicate_tensor_name()
    {
        GgufImage image = new GgufImage().Tensor("t", GgmlType.F32, [2], Eight).Tensor("t", GgmlType.F32, [2], Eight);
        Reject.Gguf(image.ToArray(), Mark(image, "name t"), "occurs twice");
    }

    [Theory]
    [InlineData(33ul, "alignment")]
    [InlineData(40ul, "alignment")]
    [InlineData(0ul, "overlaps")]
    [InlineData(32ul, "overlaps")]
    [InlineData(96ul, "hole")]
    [InlineData(ulong.MaxValue - 31, "hole")]
    public void Second_tensor_misplaced(ulong offset, string reason)
    {
        GgufImage image = new GgufImage().Tensor("a", GgmlType.I8, [40], new byte[40]).Tensor("b", (uint)GgmlType.F32, [2], Eight, offset);
        Reject.Gguf(image.ToArray(), Mark(image, "offset b"), reason);
    }

    [Fact]
    public void First_tensor_misplaced()
    {
        GgufImage image = new GgufImage().Tensor("a", (uint)GgmlType.F32, [2], Eight, 32);
        Reject.Gguf([.. image.ToArray(), .. new byte[64]], Mark(image, "offset a"), "hole");
    }

    [Fact]
    public void Data_section_past_the_end()
    {
        byte[] whole = new GgufImage().Tensor("t", GgmlType.F32, [2], Eight).ToArray();
        int end = 24 + 8 + 1 + 4 + 8 + 4 + 8;
        Reject.Gguf(whole[..end], end, "data section would start");
    }

    [Theory]
    [InlineData(2ul, 7)]
    [InlineData(2ul, 0)]
    [InlineData(3ul, 8)]
    [InlineData(1ul << 60, 8)]
    public void Data_past_the_end(ulong columns, int present)
    {
        GgufImage image = new GgufImage { NoFinalPadding = true }.Tensor("t", GgmlType.F32, [columns], new byte[present]);
        Reject.Gguf(image.ToArray(), Mark(image, "offset t"), "data section");
    }

    [Fact]
    public void Second_tensor_past_the_end_when_padding_is_missing()
    {
        GgufImage image = new GgufImage { NoFinalPadding = true }.Tensor("a", GgmlType.I8, [3], [1, 2, 3]).Tensor("b", GgmlType.I8, [1], [4]);
        byte[] bytes = image.ToArray();
        Reject.Gguf(bytes[..(image.Marks["data"] + 3)], image.Marks["offset b"], "data section");
    }

    [Fact]
    public void Every_truncation_of_a_valid_file()
    {
        byte[] whole = Samples.Gguf().ToArray();
        const int FinalPadding = 32 - 24;
        for (int length = 0; length < whole.Length - FinalPadding; length++)
        {
            using var bytes = new GuardedBytes(whole.AsSpan(0, length));
            Assert.Throws<ModelFileException>(() => GgufFile.Read(bytes.File));
        }
    }

    private static void Value(GgufValueType type, Action<ByteWriter> write, int at, string reason)
    {
        GgufImage image = new GgufImage { NoFinalPadding = true }.Metadata("k", type, write);
        Reject.Gguf(image.ToArray(), Mark(image, "value k") + at, reason);
    }

    private static void Tensor(string mark, string reason, GgmlType type, params ulong[] dimensions)
    {
        GgufImage image = new GgufImage().Tensor("t", type, dimensions, Eight);
        Reject.Gguf(image.ToArray(), Mark(image, mark), reason);
    }

    // Marks are set while the image is written.
    private static int Mark(GgufImage image, string mark)
    {
        _ = image.ToArray();
        return image.Marks[mark];
    }
}
