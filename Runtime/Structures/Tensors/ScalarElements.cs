using System;

namespace KernelGen;

/// <summary>Reads and writes single elements of stored tensors: numbers of any <see cref="ScalarType"/>, packed from the lowest bit up.</summary>
internal static unsafe class ScalarElements
{
    /// <summary>Bits of an element.</summary>
    /// <param name="type">The type.</param>
    /// <returns>1 to 32.</returns>
    public static int Bits(ScalarType type) => type switch
    {
        ScalarType.Float32 or ScalarType.UInt32 => 32,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 or ScalarType.UInt16 => 16,
        ScalarType.E8M0 or ScalarType.Exponent8 or ScalarType.UInt8 or ScalarType.Int8 => 8,
        >= ScalarType.UInt1 and <= ScalarType.UInt7 => type - ScalarType.UInt1 + 1,
        ScalarType.Int4 => 4,
        ScalarType.Int6 => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such scalar type."),
    };

    /// <summary>Bytes of a number of elements, the last one filled up.</summary>
    /// <param name="type">The type.</param>
    /// <param name="count">Elements.</param>
    /// <returns>Bytes.</returns>
    public static long Bytes(ScalarType type, long count) => checked((count * Bits(type)) + 7) / 8;

    /// <summary>Reads an element's bits.</summary>
    /// <param name="data">The first element.</param>
    /// <param name="type">The type.</param>
    /// <param name="index">The element.</param>
    /// <returns>The stored bits.</returns>
    public static uint Read(byte* data, ScalarType type, long index)
    {
        int bits = Bits(type);
        long at = index * bits;
        int shift = (int)(at & 7);
        byte* first = data + (at >> 3);
        uint value = 0;
        for (int got = 0; got < shift + bits; got += 8)
        {
            value |= got == 0 ? (uint)*first >> shift : (uint)first[got / 8] << (got - shift);
        }

        return bits == 32 ? value : value & ((1u << bits) - 1);
    }

    /// <summary>Writes an element's bits and leaves its neighbours alone.</summary>
    /// <param name="data">The first element.</param>
    /// <param name="type">The type.</param>
    /// <param name="index">The element.</param>
    /// <param name="stored">The bits.</param>
    public static void Write(byte* data, ScalarType type, long index, uint stored)
    {
        long at = index * Bits(type);
        for (int done = 0; done < Bits(type); done++, at++)
        {
            byte mask = (byte)(1 << (int)(at & 7));
            data[at >> 3] = ((stored >> done) & 1) != 0 ? (byte)(data[at >> 3] | mask) : (byte)(data[at >> 3] & ~mask);
        }
    }

    /// <summary>The number stored bits stand for, exact.</summary>
    /// <param name="type">The type.</param>
    /// <param name="stored">The bits.</param>
    /// <returns>The number.</returns>
    public static float Number(ScalarType type, uint stored) => type switch
    {
        ScalarType.Float32 => BitConverter.UInt32BitsToSingle(stored),
        ScalarType.Float16 => (float)BitConverter.UInt16BitsToHalf((ushort)stored),
        ScalarType.BFloat16 => BitConverter.UInt32BitsToSingle(stored << 16),
        ScalarType.E8M0 when stored == 255 => float.NaN,
        ScalarType.E8M0 or ScalarType.Exponent8 => (float)Math.ScaleB(1, (int)stored - 127),
        ScalarType.Int4 or ScalarType.Int6 or ScalarType.Int8 or ScalarType.Int16 => (int)(stored << (32 - Bits(type))) >> (32 - Bits(type)),
        _ => stored,
    };

    /// <summary>The stored bits of a number in a float type, rounded to nearest, ties to even.</summary>
    /// <param name="type">A float type.</param>
    /// <param name="number">The number.</param>
    /// <returns>The bits.</returns>
    public static uint Encode(ScalarType type, float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return type switch
        {
            ScalarType.Float32 => bits,
            ScalarType.Float16 => BitConverter.HalfToUInt16Bits((Half)number),
            ScalarType.BFloat16 when float.IsNaN(number) => (bits >> 16) | 0x40,
            ScalarType.BFloat16 => (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16,
            _ => throw new NotSupportedException($"Numbers are not rounded to {type}; write its bits."),
        };
    }
}
