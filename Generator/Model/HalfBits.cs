using System;

namespace KernelGen.Generator.Model;

/// <summary>IEEE binary16 on a framework that has none.</summary>
internal static class HalfBits
{
    /// <summary>Whether a finite f32, given by its bits, is a binary16 exactly.</summary>
    public static bool Holds(int bits)
    {
        double value = FloatBits.ToSingle(bits);
        double magnitude = Math.Abs(value);
        return magnitude <= 65504 && magnitude * Math.Pow(2, 24) is var units && units == Math.Floor(units) && IsElevenBits(units);
    }

    /// <summary>The binary16 bits of an f32 that <see cref="Holds"/>.</summary>
    public static int Of(int bits)
    {
        int sign = bits < 0 ? 0x8000 : 0;
        double magnitude = Math.Abs((double)FloatBits.ToSingle(bits));
        if (magnitude < Math.Pow(2, -14))
        {
            return sign | (int)(magnitude * Math.Pow(2, 24));
        }

        int exponent = ((bits >> 23) & 0xFF) - 127;
        return sign | ((exponent + 15) << 10) | ((bits >> 13) & 0x3FF);
    }

    private static bool IsElevenBits(double units)
    {
        while (units >= 2048)
        {
            units /= 2;
        }

        return units == Math.Floor(units);
    }
}
