using System;
using System.Runtime.InteropServices;

namespace KernelGen.Containers;

/// <summary>Reads one metadata value. Nothing is allocated before the bytes it is for are known to be there.</summary>
internal static class GgufValueReader
{
    public static GgufValue Read(ref FileCursor cursor)
    {
        GgufValueType type = ReadType(ref cursor);
        return type switch
        {
            GgufValueType.UInt8 => Number<byte>(ref cursor, type),
            GgufValueType.Int8 => Number<sbyte>(ref cursor, type),
            GgufValueType.UInt16 => Number<ushort>(ref cursor, type),
            GgufValueType.Int16 => Number<short>(ref cursor, type),
            GgufValueType.UInt32 => Number<uint>(ref cursor, type),
            GgufValueType.Int32 => Number<int>(ref cursor, type),
            GgufValueType.Float32 => Number<float>(ref cursor, type),
            GgufValueType.UInt64 => Number<ulong>(ref cursor, type),
            GgufValueType.Int64 => Number<long>(ref cursor, type),
            GgufValueType.Float64 => Number<double>(ref cursor, type),
            GgufValueType.Bool => GgufValue.Scalar(type, ReadBools(ref cursor, 1)[0]),
            GgufValueType.String => GgufValue.Scalar(type, new ReadOnlyMemory<byte>(StringBytes(ref cursor).ToArray())),
            _ => ReadArray(ref cursor, depth: 1),
        };
    }

    private static GgufValueType ReadType(ref FileCursor cursor)
    {
        long at = cursor.Position;
        uint type = cursor.Read<uint>("The type of a metadata value");
        return type <= (uint)GgufValueType.Float64
            ? (GgufValueType)type
            : throw cursor.Fail(at, $"{type} is not a type of metadata value.", "The file is damaged or newer than this reader.");
    }

    private static GgufValue ReadArray(ref FileCursor cursor, int depth)
    {
        long at = cursor.Position;
        if (depth > GgufLimits.ArrayDepth)
        {
            throw cursor.Fail(at, $"Arrays are nested more than {GgufLimits.ArrayDepth} deep.", "Write the metadata with flat arrays.");
        }

        GgufValueType type = ReadType(ref cursor);
        long countAt = cursor.Position;
        ulong stored = cursor.Read<ulong>("The length of an array");
        if (stored > GgufLimits.ArrayElements)
        {
            throw cursor.Fail(countAt, $"An array claims {stored} elements; the limit is {GgufLimits.ArrayElements}.", "The file is damaged.");
        }

        int count = (int)stored;
        long least = checked(count * SmallestElement(type));
        if (least > cursor.Remaining)
        {
            throw cursor.Fail(
                countAt,
                $"An array of {count} elements needs at least {least} bytes, but only {cursor.Remaining} are left.",
                "The file is truncated or damaged: fetch it again.");
        }

        return GgufValue.ArrayOf(type, type switch
        {
            GgufValueType.UInt8 => Numbers<byte>(ref cursor, count),
            GgufValueType.Int8 => Numbers<sbyte>(ref cursor, count),
            GgufValueType.UInt16 => Numbers<ushort>(ref cursor, count),
            GgufValueType.Int16 => Numbers<short>(ref cursor, count),
            GgufValueType.UInt32 => Numbers<uint>(ref cursor, count),
            GgufValueType.Int32 => Numbers<int>(ref cursor, count),
            GgufValueType.Float32 => Numbers<float>(ref cursor, count),
            GgufValueType.UInt64 => Numbers<ulong>(ref cursor, count),
            GgufValueType.Int64 => Numbers<long>(ref cursor, count),
            GgufValueType.Float64 => Numbers<double>(ref cursor, count),
            GgufValueType.Bool => ReadBools(ref cursor, count),
            GgufValueType.String => ReadStrings(ref cursor, count),
            _ => ReadArrays(ref cursor, count, depth),
        });
    }

    private static long SmallestElement(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.Array => 4 + 8,
        _ => 8,
    };

    private static GgufValue Number<T>(ref FileCursor cursor, GgufValueType type)
        where T : unmanaged
        => GgufValue.Scalar(type, cursor.Read<T>("A metadata value"));

    private static unsafe T[] Numbers<T>(ref FileCursor cursor, int count)
        where T : unmanaged
    {
        // The array can be longer in bytes than one span over the file may be, so it is copied in pieces.
        const int Piece = 1 << 20;
        var values = new T[count];
        for (int i = 0; i < count; i += Piece)
        {
            Span<T> part = values.AsSpan(i, Math.Min(Piece, count - i));
            cursor.ReadSpan((long)part.Length * sizeof(T), "An array").CopyTo(MemoryMarshal.AsBytes(part));
        }

        return values;
    }

    private static bool[] ReadBools(ref FileCursor cursor, int count)
    {
        long at = cursor.Position;
        ReadOnlySpan<byte> bytes = cursor.ReadSpan(count, "A truth value");
        int bad = bytes.IndexOfAnyExceptInRange((byte)0, (byte)1);
        if (bad >= 0)
        {
            throw cursor.Fail(at + bad, $"A truth value is stored as {bytes[bad]}; only 0 and 1 are allowed.", "The file is damaged.");
        }

        var values = new bool[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = bytes[i] != 0;
        }

        return values;
    }

    private static ReadOnlySpan<byte> StringBytes(ref FileCursor cursor)
    {
        long at = cursor.Position;
        ulong length = cursor.Read<ulong>("The length of a string");
        if (length > GgufLimits.StringBytes)
        {
            throw cursor.Fail(at, $"A string claims {length} bytes; the limit is {GgufLimits.StringBytes}.", "The file is damaged.");
        }

        return cursor.ReadSpan((long)length, "A string");
    }

    private static ReadOnlyMemory<byte>[] ReadStrings(ref FileCursor cursor, int count)
    {
        long at = cursor.Position;
        FileCursor ahead = cursor;
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            total += StringBytes(ref ahead).Length;
        }

        if (total > Array.MaxLength)
        {
            throw cursor.Fail(at, $"An array of strings holds {total} bytes; the limit is {Array.MaxLength}.", "The file is damaged.");
        }

        // All strings share one array.
        var text = new byte[total];
        var strings = new ReadOnlyMemory<byte>[count];
        int start = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes = StringBytes(ref cursor);
            bytes.CopyTo(text.AsSpan(start));
            strings[i] = text.AsMemory(start, bytes.Length);
            start += bytes.Length;
        }

        return strings;
    }

    private static GgufValue[] ReadArrays(ref FileCursor cursor, int count, int depth)
    {
        var arrays = new GgufValue[count];
        for (int i = 0; i < count; i++)
        {
            arrays[i] = ReadArray(ref cursor, depth + 1);
        }

        return arrays;
    }
}
