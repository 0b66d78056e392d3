using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using KernelGen.Containers;

namespace KernelGen.Tests.Containers;

/// <summary>Small valid files that use everything.</summary>
internal static class Samples
{
    public static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7))];

    public static GgufImage Gguf(int alignment = 32, uint version = 3) => new GgufImage { Alignment = alignment, Version = version }
        .Metadata("general.alignment", GgufValueType.UInt32, w => w.Put((uint)alignment))
        .Metadata("u8", GgufValueType.UInt8, w => w.Put((byte)200))
        .Metadata("i8", GgufValueType.Int8, w => w.Put((sbyte)-100))
        .Metadata("u16", GgufValueType.UInt16, w => w.Put((ushort)60000))
        .Metadata("i16", GgufValueType.Int16, w => w.Put((short)-30000))
        .Metadata("u32", GgufValueType.UInt32, w => w.Put(4_000_000_000u))
        .Metadata("i32", GgufValueType.Int32, w => w.Put(-2_000_000_000))
        .Metadata("f32", GgufValueType.Float32, w => w.Put(1.5f))
        .Metadata("yes", GgufValueType.Bool, w => w.Put((byte)1))
        .Metadata("text", GgufValueType.String, w => w.String("größe"))
        .Metadata("u64", GgufValueType.UInt64, w => w.Put(ulong.MaxValue))
        .Metadata("i64", GgufValueType.Int64, w => w.Put(long.MinValue))
        .Metadata("f64", GgufValueType.Float64, w => w.Put(-0.1))
        .Metadata("floats", GgufValueType.Array, w => w.Put((uint)GgufValueType.Float32).Put(3ul).Put(1f).Put(2f).Put(3f))
        .Metadata("bools", GgufValueType.Array, w => w.Put((uint)GgufValueType.Bool).Put(2ul).Raw(0, 1))
        .Metadata("tokens", GgufValueType.Array, w => w.Put((uint)GgufValueType.String).Put(3ul).String("a").String("").String("bc"))
        .Metadata("nested", GgufValueType.Array, w => w.Put((uint)GgufValueType.Array).Put(2ul)
            .Put((uint)GgufValueType.Int16).Put(2ul).Put((short)-1).Put((short)2)
            .Put((uint)GgufValueType.String).Put(1ul).String("deep"))
        .Tensor("weight", GgmlType.F32, [3, 2], Floats(1, 2, 3, 4, 5, 6))
        .Tensor("quantized", GgmlType.Q4_0, [64, 2], Bytes(72))
        .Tensor("half", GgmlType.F16, [4], Bytes(8))
        .Tensor("scalar", GgmlType.BF16, [], Bytes(2))
        .Tensor("cube", GgmlType.I8, [2, 3, 4, 1], Bytes(24));

    public static byte[] Safetensors()
    {
        string header = "{\"__metadata__\":{\"format\":\"pt\",\"gr\\u00f6\\u00dfe\":\"klein\"},"
            + SafetensorsImage.Entry("weight", "F32", "2,3", "10,34") + ","
            + SafetensorsImage.Entry("half", "F16", "2,2", "0,8") + ","
            + SafetensorsImage.Entry("scalar", "BF16", "", "8,10") + ","
            + SafetensorsImage.Entry("none", "I64", "4,0", "34,34") + ","
            + "\"extra\":{\"note\":{\"a\":[1,{\"b\":2}]},\"dtype\":\"F4\",\"shape\":[3,2],\"data_offsets\":[34,37]}}";
        byte[] text = Encoding.UTF8.GetBytes(header.PadRight((header.Length + 7) / 8 * 8));
        return SafetensorsImage.Of(text, [.. Bytes(10), .. Floats(1, 2, 3, 4, 5, 6), 1, 2, 3]);
    }
}
