using System;
using System.IO;
using System.Runtime.InteropServices;

namespace KernelGen.Containers;

/// <summary>Writes metadata values, little-endian.</summary>
internal static class GgufValueWriter
{
    /// <summary>Writes a value with its type.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">The value.</param>
    public static void Write(BinaryWriter writer, GgufValue value)
    {
        writer.Write((uint)value.Type);
        switch (value.Stored)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case float v: writer.Write(BitConverter.SingleToUInt32Bits(v)); break;
            case bool v: writer.Write(v); break;
            case ReadOnlyMemory<byte> v: WriteText(writer, v.Span); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case double v: writer.Write(BitConverter.DoubleToUInt64Bits(v)); break;
            default: WriteArray(writer, value); break;
        }
    }

    /// <summary>Writes text as it stands in keys, names and values: its length in bytes, then the bytes.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="text">UTF-8.</param>
    public static void WriteText(BinaryWriter writer, ReadOnlySpan<byte> text)
    {
        writer.Write((ulong)text.Length);
        writer.Write(text);
    }

    private static void WriteArray(BinaryWriter writer, GgufValue value)
    {
        writer.Write((uint)value.ElementType!.Value);
        writer.Write((ulong)value.Count);
        switch (value.Stored)
        {
            case ReadOnlyMemory<byte>[] texts:
                Array.ForEach(texts, text => WriteText(writer, text.Span));
                break;
            case GgufValue[] arrays:
                // The elements are known to be arrays: their own type is not repeated.
                Array.ForEach(arrays, array => WriteArray(writer, array));
                break;
            case bool[] values: writer.Write(MemoryMarshal.AsBytes<bool>(values)); break;
            case byte[] values: writer.Write(values); break;
            case sbyte[] values: Numbers<sbyte>(writer, values); break;
            case ushort[] values: Numbers<ushort>(writer, values); break;
            case short[] values: Numbers<short>(writer, values); break;
            case uint[] values: Numbers<uint>(writer, values); break;
            case int[] values: Numbers<int>(writer, values); break;
            case float[] values: Numbers<float>(writer, values); break;
            case ulong[] values: Numbers<ulong>(writer, values); break;
            case long[] values: Numbers<long>(writer, values); break;
            default: Numbers<double>(writer, (double[])value.Stored); break;
        }
    }

    // An array can be longer in bytes than one span, so it is written in pieces.
    private static void Numbers<T>(BinaryWriter writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        const int Piece = 1 << 16;
        for (; values.Length > Piece; values = values[Piece..])
        {
            writer.Write(MemoryMarshal.AsBytes(values[..Piece]));
        }

        writer.Write(MemoryMarshal.AsBytes(values));
    }
}
