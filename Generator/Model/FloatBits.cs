using System;

namespace KernelGen.Generator.Model;

/// <summary>Conversions between f32 values and their bit patterns, which netstandard2.0 lacks.</summary>
internal static class FloatBits
{
    public static int FromSingle(float value) => BitConverter.ToInt32(BitConverter.GetBytes(value), 0);

    public static float ToSingle(int bits) => BitConverter.ToSingle(BitConverter.GetBytes(bits), 0);

    /// <summary>Whether bits are those of a number, no infinity and no NaN.</summary>
    public static bool IsFinite(int bits) => (bits & 0x7F800000) != 0x7F800000;

    /// <summary>The next smaller number.</summary>
    public static float NextDown(float value)
    {
        int bits = FromSingle(value);
        return value > 0 ? ToSingle(bits - 1) : value < 0 ? ToSingle(bits + 1) : ToSingle(unchecked((int)0x80000001));
    }
}
