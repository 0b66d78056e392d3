using System;
using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>What [Minifloat] makes of a code: a plain float, or a table of all its values.</summary>
internal static class MinifloatRules
{
    private const int AllOnes = 1;
    private const int Ieee = 2;

    /// <summary>The type of a plain float, or none where codes are narrower or the declaration says something else.</summary>
    public static StoredType? Plain(DeclaredMinifloat? minifloat, int bits) => minifloat is { Signed: true, Specials: Ieee, ImplicitOne: true } && HasStandardBias(minifloat)
        ? (bits, minifloat.Exponent, minifloat.Mantissa) switch
        {
            (16, 5, 10) => new StoredType(StoredClass.Float16, 16),
            (16, 8, 7) => new StoredType(StoredClass.BFloat16, 16),
            (32, 8, 23) => new StoredType(StoredClass.Float32, 32),
            _ => null,
        }
        : null;

    /// <summary>The values of all codes of up to 8 bits, or none and a diagnostic. A scalar's code may have bits above the float.</summary>
    /// <param name="minifloat">The declaration.</param>
    /// <param name="bits">Bits of the code.</param>
    /// <param name="isScalar">Whether it is the code of a scalar type.</param>
    /// <param name="onlyNumbers">Whether infinities and NaN have no place in the table.</param>
    /// <param name="diagnostics">What is wrong.</param>
    public static IReadOnlyList<double>? Table(DeclaredMinifloat minifloat, int bits, bool isScalar, bool onlyNumbers, DiagnosticBag diagnostics)
    {
        int width = Width(minifloat);
        string? fault =
            minifloat.Exponent is < 1 or > 8 ? "An exponent of " + Text(minifloat.Exponent) + " bits is not supported; give 1 to 8"
            : minifloat.Mantissa is < 0 or > 23 ? "A mantissa of " + Text(minifloat.Mantissa) + " bits is not supported; give 0 to 23"
            : minifloat.Specials is < 0 or > Ieee ? Text(minifloat.Specials) + " is no member of MinifloatSpecials"
            : bits > 8 ? "A code of " + Text(bits) + " bits is a plain float only as (5, 10), (8, 7) or (8, 23) with MinifloatSpecials.Ieee, a sign and the standard bias"
            : width > bits || (width < bits && !isScalar) ? "The float has " + Text(width) + " bits, its code " + Text(bits)
            : minifloat is { ImplicitOne: false, ExponentFirst: true } ? "A float without the implicit one has no normal floats that ExponentFirst speaks of"
            : minifloat is { ExponentFirst: true, Signed: true } ? "Only a float without a sign can be encoded with ExponentFirst"
            : minifloat.Bias != int.MinValue && Math.Abs((long)minifloat.Bias) > 127 ? "A bias of " + Text(minifloat.Bias) + " is beyond f32; give -127 to 127"
            : null;
        if (fault is not null)
        {
            diagnostics.Add(Rules.MinifloatUnsupported, minifloat.Location, fault);
            return null;
        }

        double[] values = new double[1 << bits];
        for (int code = 0; code < values.Length; code++)
        {
            values[code] = Value(minifloat, code, width);
            bool isNumber = onlyNumbers || minifloat.Specials == 0 || !IsSpecial(minifloat, code, width);
            if (isNumber && !CodeRules.IsFinite((float)values[code]))
            {
                diagnostics.Add(
                    Rules.MinifloatUnsupported,
                    minifloat.Location,
                    "Code " + Text(code) + " is no finite f32 number; give MinifloatSpecials.None, or a SpecialValue");
                return null;
            }
        }

        return values;
    }

    /// <summary>The least normal float and the least at the top exponent.</summary>
    public static (double Least, double Top) Bounds(DeclaredMinifloat minifloat)
    {
        int bias = HasStandardBias(minifloat) ? StandardBias(minifloat) : minifloat.Bias;
        return (Math.Pow(2, 1 - bias), Math.Pow(2, (1 << minifloat.Exponent) - 1 - bias));
    }

    /// <summary>Bits of the float.</summary>
    public static int Width(DeclaredMinifloat minifloat) => (minifloat.Signed ? 1 : 0) + minifloat.Exponent + minifloat.Mantissa;

    private static double Value(DeclaredMinifloat minifloat, int code, int width)
    {
        int mantissa = code & ((1 << minifloat.Mantissa) - 1);
        int exponent = (code >> minifloat.Mantissa) & ((1 << minifloat.Exponent) - 1);
        bool isNegative = minifloat.Signed && ((code >> (width - 1)) & 1) != 0;
        if (IsSpecial(minifloat, code, width))
        {
            return minifloat.Specials == Ieee && mantissa == 0 && double.IsNaN(minifloat.SpecialValue)
                ? isNegative ? double.NegativeInfinity : double.PositiveInfinity
                : minifloat.SpecialValue;
        }

        int bias = HasStandardBias(minifloat) ? StandardBias(minifloat) : minifloat.Bias;
        double fraction = mantissa * Math.Pow(2, -minifloat.Mantissa);
        double magnitude = !minifloat.ImplicitOne ? Math.Pow(2, exponent - bias) * fraction
            : exponent == 0 ? Math.Pow(2, 1 - bias) * fraction
            : Math.Pow(2, exponent - bias) * (1 + fraction);
        return isNegative ? -magnitude : magnitude;
    }

    /// <summary>Whether a code is one that the declaration keeps for what is no number.</summary>
    private static bool IsSpecial(DeclaredMinifloat minifloat, int code, int width)
    {
        int top = (1 << minifloat.Exponent) - 1;
        int ones = (1 << minifloat.Mantissa) - 1;
        return code >> width == 0
            && ((code >> minifloat.Mantissa) & top) == top
            && (minifloat.Specials == Ieee || (minifloat.Specials == AllOnes && (code & ones) == ones));
    }

    private static bool HasStandardBias(DeclaredMinifloat minifloat) =>
        minifloat.Bias == int.MinValue || minifloat.Bias == StandardBias(minifloat);

    private static int StandardBias(DeclaredMinifloat minifloat) => (1 << (Math.Max(1, Math.Min(minifloat.Exponent, 8)) - 1)) - 1;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
