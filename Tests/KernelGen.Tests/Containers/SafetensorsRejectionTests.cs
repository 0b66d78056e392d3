using System;
using System.Linq;
using System.Text;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>One test for each way in which a safetensors file can be wrong; each names the byte.</summary>
public sealed class SafetensorsRejectionTests
{
    [Fact]
    public void Empty_file() => Reject.Safetensors([], 0, "empty");

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Header_length_cut_short(int length) => Reject.Safetensors(new byte[length], 0, "are left");

    [Theory]
    [InlineData(100_000_001ul)]
    [InlineData(1ul << 63)]
    [InlineData(ulong.MaxValue)]
    public void Header_too_long(ulong length) => Reject.Safetensors(SafetensorsImage.Of("{}", headerLength: length), 0, "the limit is 100000000");

    [Theory]
    [InlineData(3ul)]
    [InlineData(100_000_000ul)]
    public void Header_past_the_end(ulong length) => Reject.Safetensors(SafetensorsImage.Of("{}", headerLength: length), 8, "are left");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData(" {}")]
    [InlineData("\"{}\"")]
    [InlineData("null")]
    public void Header_no_object(string header) => Reject.Safetensors(SafetensorsImage.Of(header), 8, "must start with '{'");

    [Theory]
    [InlineData("{", 9)]
    [InlineData("{\"a\"", 12)]
    [InlineData("{\"a\":", 13)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1", 8 + 30)]
    public void Json_cut_short(string header, long at) => Reject.Safetensors(SafetensorsImage.Of(header), at, "JSON");

    [Theory]
    [InlineData("{}x", 10)]
    [InlineData("{}{}", 10)]
    [InlineData("{},", 10)]
    [InlineData("{,}", 9)]
    [InlineData("{}\0", 10)]
    [InlineData("{/**/}", 9)]
    public void Json_malformed(string header, long at) => Reject.Safetensors(SafetensorsImage.Of(header), at, "not valid JSON");

    [Fact]
    public void Json_nested_too_deep()
    {
        string header = "{\"a\":{\"x\":" + new string('[', 1000) + new string(']', 1000) + "}}";
        Reject.Safetensors(SafetensorsImage.Of(header), 8 + 10 + 14, "nested too deep");
    }

    [Fact]
    public void Header_not_UTF8() => Reject.Safetensors(SafetensorsImage.Of([.. "{\""u8, 0xC3, 0x28, .. "\":{}}"u8], []), 8, "not UTF-8");

    [Theory]
    [InlineData("{\"\\ud800\":{}}", 9)]
    [InlineData("{\"a\":{\"\\udc00\":1}}", 14)]
    [InlineData("{\"a\":{\"dtype\":\"\\ud800x\"}}", 22)]
    [InlineData("{\"__metadata__\":{\"a\":\"\\ud800\"}}", 29)]
    public void Half_a_surrogate_pair(string header, long at) => Reject.Safetensors(SafetensorsImage.Of(header), at, "surrogate");

    [Theory]
    [InlineData("{\"a\":1}", 13, "JSON object")]
    [InlineData("{\"a\":[]}", 13, "JSON object")]
    [InlineData("{\"a\":null}", 13, "JSON object")]
    [InlineData("{\"__metadata__\":[]}", 24, "JSON object")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 29, "JSON string")]
    [InlineData("{\"a\":{\"dtype\":1}}", 22, "JSON string")]
    [InlineData("{\"a\":{\"shape\":1}}", 22, "JSON array")]
    [InlineData("{\"a\":{\"data_offsets\":{}}}", 29, "JSON array")]
    public void Value_of_the_wrong_kind(string header, long at, string reason) => Reject.Safetensors(SafetensorsImage.Of(header), at, reason);

    [Theory]
    [InlineData("{\"a\":{}}")]
    [InlineData("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}")]
    public void Field_missing(string header) => Reject.Safetensors(SafetensorsImage.Of(header, 4), 9, "lacks");

    [Theory]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("99999999999999999999999999999999")]
    public void Number_no_63_bit_integer(string number)
    {
        Reject.Safetensors(SafetensorsImage.Of($"{{\"a\":{{\"shape\":[1,{number}]}}}}"), 8 + 17, "63-bit");
        Reject.Safetensors(SafetensorsImage.Of($"{{\"a\":{{\"data_offsets\":[0,{number}]}}}}"), 8 + 24, "63-bit");
    }

    [Fact]
    public void Too_many_numbers()
    {
        Reject.Safetensors(SafetensorsImage.Of("{\"a\":{\"shape\":[1,1,1,1,1,1,1,1,1]}}"), 22, "more than 8");
        Reject.Safetensors(SafetensorsImage.Of("{\"a\":{\"data_offsets\":[0,4,8]}}"), 29, "more than 2");
    }

    [Theory]
    [InlineData("F33")]
    [InlineData("f32")]
    [InlineData("")]
    public void Unknown_dtype(string dtype) => Reject.Safetensors(SafetensorsImage.Of($"{{{SafetensorsImage.Entry("a", dtype, "1", "0,4")}}}", 4), 22, "unknown dtype");

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "\\u0061")]
    [InlineData("__metadata__", "__metadata__")]
    public void Duplicate_name(string first, string second)
    {
        string value = first == "a" ? "{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}" : "{}";
        string start = $"{{\"{first}\":{value},";
        Reject.Safetensors(SafetensorsImage.Of($"{start}\"{second}\":{value}}}"), 8 + start.Length, "occurs twice");
    }

    [Fact]
    public void Duplicate_metadata_key() => Reject.Safetensors(SafetensorsImage.Of("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}"), 32, "occurs twice");

    [Theory]
    [InlineData("\"dtype\":\"U8\"")]
    [InlineData("\"shape\":[1]")]
    [InlineData("\"data_offsets\":[0,1]")]
    public void Duplicate_field(string field) => Reject.Safetensors(SafetensorsImage.Of($"{{\"a\":{{{field},{field}}}}}", 1), 8 + 7 + field.Length, "occurs twice");

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(400_000)]
    public void Name_empty_or_too_long(int length) =>
        Reject.Safetensors(SafetensorsImage.Of($"{{{SafetensorsImage.Entry(new string('n', length), "U8", "1", "0,1")}}}", 1), 9, "A name of");

    [Theory]
    [InlineData("4294967296,2147483648")]
    [InlineData("9223372036854775807,2")]
    [InlineData("4294967297,4294967295,3")]
    [InlineData("4294967296,4294967296,0")]
    public void Element_count_overflow(string shape) => Entry("U8", shape, "0,0", 0, "more elements");

    [Theory]
    [InlineData("F32", "2305843009213693952")]
    [InlineData("U64", "1152921504606846976")]
    public void Byte_size_overflow(string dtype, string shape) => Entry(dtype, shape, "0,0", 0, "more bytes");

    [Theory]
    [InlineData("F4", "3", "0,2")]
    [InlineData("F4", "3", "0,1")]
    [InlineData("F6_E2M3", "2", "0,2")]
    [InlineData("F6_E3M2", "5", "0,4")]
    public void Elements_that_do_not_fill_whole_bytes(string dtype, string shape, string offsets) => Entry(dtype, shape, offsets, 4, "whole bytes");

    [Theory]
    [InlineData("F32", "2,3", "0,23")]
    [InlineData("F32", "2,3", "0,25")]
    [InlineData("F32", "2,3", "24,0")]
    [InlineData("F32", "", "0,0")]
    [InlineData("F32", "0", "0,4")]
    [InlineData("U8", "1", "9223372036854775807,0")]
    public void Shape_and_offsets_disagree(string dtype, string shape, string offsets) => Entry(dtype, shape, offsets, 25, "need");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Data_cut_short(int present) => Entry("F32", "1", "0,4", present, "data section has");

    [Fact]
    public void Hole_at_the_start() => Entry("F32", "1", "4,8", 8, "hole");

    [Theory]
    [InlineData("6,8", 8, "hole")]
    [InlineData("3,5", 5, "overlaps")]
    [InlineData("9223372036854775800,9223372036854775802", 8, "hole")]
    public void Second_tensor_misplaced(string offsets, int present, string reason)
    {
        string first = "{" + SafetensorsImage.Entry("a", "U8", "4", "0,4") + ",";
        Reject.Safetensors(SafetensorsImage.Of(first + SafetensorsImage.Entry("b", "U8", "2", offsets) + "}", present), 8 + first.Length, reason);
    }

    [Fact]
    public void Two_tensors_over_the_same_bytes()
    {
        string first = "{" + SafetensorsImage.Entry("a", "U8", "4", "0,4") + ",";
        Reject.Safetensors(SafetensorsImage.Of(first + SafetensorsImage.Entry("b", "U8", "4", "0,4") + "}", 4), 8 + first.Length, "overlaps");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Bytes_after_the_last_tensor(int extra)
    {
        string header = "{" + SafetensorsImage.Entry("a", "U8", "4", "0,4") + "}";
        Reject.Safetensors(SafetensorsImage.Of(header, 4 + extra), 8 + header.Length + 4, "follow the last tensor");
    }

    [Fact]
    public void Every_truncation_of_a_valid_file()
    {
        byte[] whole = Samples.Safetensors();
        for (int length = 0; length < whole.Length; length++)
        {
            using var bytes = new GuardedBytes(whole.AsSpan(0, length));
            Assert.Throws<ModelFileException>(() => SafetensorsFile.Read(bytes.File));
        }
    }

    [Fact]
    public void File_of_another_kind()
    {
        Reject.Any([], 0, "empty");
        Reject.Any([.. "PK\u0003\u0004"u8, .. new byte[20]], 0, "zip");
        Reject.Any(Encoding.ASCII.GetBytes("a text file, not a model"), 0, "neither");
        Reject.Any([.. Enumerable.Repeat((byte)'{', 8)], 0, "neither");
    }

    private static void Entry(string dtype, string shape, string offsets, int present, string reason) =>
        Reject.Safetensors(SafetensorsImage.Of($"{{{SafetensorsImage.Entry("a", dtype, shape, offsets)}}}", present), 9, reason);
}
