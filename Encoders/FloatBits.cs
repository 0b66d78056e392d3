using System;

namespace KernelGen.Encoders;

/// <summary>Numbers in the float types of parameters.</summary>
internal static class FloatBits
{
    /// <summary>The stored bits of a number, rounded to nearest, ties to even.</summary>
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
            ScalarType.BFloat16 => (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such float type."),
        };
    }

    /// <summary>The number stored bits stand for.</summary>
    /// <param name="type">A float type.</param>
    /// <param name="bits">The bits.</param>
    /// <returns>The number.</returns>
    public static float Decode(ScalarType type, uint bits) => type switch
    {
        ScalarType.Float32 => BitConverter.UInt32BitsToSingle(bits),
        ScalarType.Float16 => (float)BitConverter.UInt16BitsToHalf((ushort)bits),
        ScalarType.BFloat16 => BitConverter.UInt32BitsToSingle(bits << 16),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such float type."),
    };
}
