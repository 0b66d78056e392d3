using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Model;

/// <summary>
/// A table of powers of two and zeros in a byte each, a quarter of its floats: the exponent field of an f32, which is 0 for a zero. That f32 times 2^<see cref="Power"/>
/// is the number; for numbers down to the subnormal ones neither factor is subnormal.
/// </summary>
/// <param name="Power">The power of two that all numbers are multiplied by, a normal f32.</param>
/// <param name="Fields">The byte of every number.</param>
internal sealed record ExponentBytes(int Power, EquatableArray<int> Fields)
{
    private const int Bias = 127;
    private const int LeastNormal = -126;

    /// <summary>The exponents of a table, given by the bits of its numbers, or null where it has other numbers or its powers are too far apart.</summary>
    public static ExponentBytes? Of(IReadOnlyList<int> bits)
    {
        List<int?> powers = [.. bits.Select(static number => number == 0 ? int.MinValue : PowerOfTwo(number))];
        if (powers.Any(static power => power is null) || powers.All(static power => power == int.MinValue))
        {
            return null;
        }

        int common = Math.Max(powers.Max()!.Value + LeastNormal, LeastNormal);
        List<int> fields = [.. powers.Select(power => power == int.MinValue ? 0 : power!.Value - common + Bias)];
        return Enumerable.Range(0, fields.Count).All(i => fields[i] > 0 ? fields[i] < 2 * Bias : bits[i] == 0) ? new ExponentBytes(common, fields.ToEquatableArray()) : null;
    }

    /// <summary>The n of 2^n, or null of any other number.</summary>
    private static int? PowerOfTwo(int bits)
    {
        double value = FloatBits.ToSingle(bits);
        double power = value > 0 ? Math.Round(Math.Log(value, 2)) : 0;
        return Math.Pow(2, power) == value ? (int)power : null;
    }
}
