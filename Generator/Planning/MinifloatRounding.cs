using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The code of the minifloat nearest to a number, computed from the number's bits: those above the mantissa's last are the code, but for the biases, after
/// rounding; subnormals are integers in units of their own.
/// </summary>
/// <param name="Formula">The minifloat.</param>
/// <param name="ToEven">Whether ties go to the even code; otherwise away from zero.</param>
/// <param name="LargestBits">The largest number.</param>
/// <param name="Carries">Whether rounding may reach the next exponent; otherwise a mantissa stays one of its exponent's, that of the number.</param>
internal sealed record MinifloatRounding(MinifloatFormula Formula, bool ToEven, int LargestBits, bool Carries)
{
    /// <summary>The largest f32 below one half: added to a magnitude before cutting, it rounds halves and nothing below them up.</summary>
    public const int BelowHalf = 0x3EFFFFFF;

    /// <summary>The number below zero; those above it have no minus sign.</summary>
    public const int BelowZero = unchecked((int)0x80000001);

    private const int SingleMantissa = 23;
    private const int SingleBias = 127;

    /// <summary>Bits of an f32 below the last of the mantissa.</summary>
    public int Shift => SingleMantissa - Formula.MantissaBits;

    /// <summary>What is added before they are cut off; 1 more for an odd code where ties go to the even one.</summary>
    public int Half => (1 << (Shift - 1)) - (ToEven ? 1 : 0);

    /// <summary>By how much the code is then too large.</summary>
    public int CodeBias => Formula.Rebias >> Shift;

    /// <summary>The bits of the reciprocal of the smallest subnormal, a power of two.</summary>
    public int UnitBits => ((2 * SingleBias) + Formula.MantissaBits - (Formula.LeastNormal >> SingleMantissa)) << SingleMantissa;

    /// <summary>The rounding of an encoder, or null where it has another.</summary>
    /// <param name="formula">The minifloat of its table.</param>
    /// <param name="encode">Where ties go.</param>
    /// <param name="order">The codes by their numbers, upward.</param>
    /// <param name="thresholds">Between each two, the largest number that belongs to the lower one, as bits.</param>
    public static MinifloatRounding? Of(MinifloatFormula? formula, EncodeSpec encode, IReadOnlyList<int> order, IReadOnlyList<int> thresholds)
    {
        if (formula is not { HasImplicitOne: true } || encode.Rounding is not (EncodeRounding.HalfToEvenCode or EncodeRounding.HalfAwayFromZero or EncodeRounding.WithoutCarry))
        {
            return null;
        }

        var candidate = new MinifloatRounding(
            formula,
            encode.Rounding != EncodeRounding.HalfAwayFromZero,
            formula.FiniteBits + formula.Rebias,
            encode.Rounding != EncodeRounding.WithoutCarry);

        // All steps are monotone: what is right on both sides of every threshold is right between them.
        return candidate.Unit is > 0 and < (2 * SingleBias) + 1
            && Enumerable.Range(0, thresholds.Count).All(i => candidate.CodeOf(thresholds[i]) == order[i] && candidate.CodeOf(Above(thresholds[i])) == order[i + 1])
            ? candidate
            : null;
    }

    private int Unit => UnitBits >> SingleMantissa;

    /// <summary>What the kernels compute.</summary>
    private int CodeOf(int bits)
    {
        float largest = FloatBits.ToSingle(LargestBits);
        float number = Math.Min(Math.Max(FloatBits.ToSingle(bits), -largest), largest);
        float magnitude = Math.Abs(number);
        int u = FloatBits.FromSingle(magnitude);
        int code = (u + Half + (ToEven ? (u >> Shift) & 1 : 0)) >> Shift;
        code -= Carries ? 0 : (code >> Formula.MantissaBits) - (u >> SingleMantissa);
        code -= CodeBias;
        if (magnitude < FloatBits.ToSingle(Formula.LeastNormal))
        {
            float units = magnitude * FloatBits.ToSingle(UnitBits);
            code = ToEven ? (int)Math.Round(units) : (int)(float)(units + FloatBits.ToSingle(BelowHalf));
            code -= Carries ? 0 : code >> Formula.MantissaBits;
        }

        return code | (number > FloatBits.ToSingle(BelowZero) ? 0 : 1 << (Formula.Bits - 1));
    }

    /// <summary>The next larger number.</summary>
    private static int Above(int bits) => bits == BelowZero ? 0 : bits < 0 ? bits - 1 : bits + 1;
}
