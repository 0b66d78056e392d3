using System;
using System.Globalization;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the stored code nearest to a weight, one weight a lane, for codes that are numbers: scaled, clamped to the range of
/// codes, rounded, recoded. Clamping comes first, so that the conversion to an integer is exact; rounding is monotone and leaves the
/// ends of the range where they are, so that the order does not matter. A NaN (0 times an infinite reciprocal) becomes the lowest code.
/// </summary>
internal sealed class CodeRounding(FormatSpec spec, Target target, CodeRange range, bool hasMin, bool hasZero)
{
    private int _names;

    /// <summary>Declares what the weights of a group are scaled with, from the locals <c>scale</c> and <c>shift</c> with a suffix.</summary>
    public void Group(CodeWriter code, string scale, string shift, string suffix)
    {
        // A scale of 0 makes every weight 0.
        code.Line(spec.Encode.ReciprocalFirst
            ? $"{target.Single} factor{suffix} = {target.SplatSingle(scale)};"
            : spec.Encode.Reciprocal
            ? $"{target.Single} factor{suffix} = {target.SplatSingle($"({scale} == 0 ? 0 : 1 / {Guarded(scale)})")};"
            : $"{target.Single} divisor{suffix} = {target.SplatSingle($"({scale} == 0 ? float.PositiveInfinity : {Guarded(scale)})")};");
        if (spec.Encode.ProductLimit > 0)
        {
            code.Line($"{target.Single} reach{suffix} = {target.SplatSingle($"({scale} == 0 ? 0 : MathF.Floor({spec.Encode.ProductLimit.ToString(CultureInfo.InvariantCulture)}f / Math.Abs({scale})))")};");
        }

        if (hasMin || hasZero)
        {
            code.Line($"{target.Single} shifts{suffix} = {target.SplatSingle(shift)};");
        }
    }

    /// <summary>Declares a weight in units of the scale and returns its name.</summary>
    public string Scaled(CodeWriter code, string x, string suffix)
    {
        string value = hasMin ? $"({target.Subtract(x, $"shifts{suffix}")})" : x;
        return Declare(code, target.Single, spec.Encode.Reciprocal || spec.Encode.ReciprocalFirst
            ? target.Multiply(value, $"factor{suffix}")
            : target.Divide(value, $"divisor{suffix}"));
    }

    /// <summary>The stored code of a scaled weight, as an int32 in 0 … 255.</summary>
    public string Code(CodeWriter code, string scaled, string suffix)
    {
        CodeSpec codes = spec.Codes;
        if (codes.Kind is CodeNumber.Sign or CodeNumber.InvertedSign)
        {
            // t >= Offset, as t > the number below it.
            int below = FloatBits.FromSingle(FloatBits.NextDown(codes.Offset));
            string atLeast = target.GreaterThan(scaled, Constant(below));
            return codes.Kind == CodeNumber.Sign
                ? $"({atLeast}) & {target.ConstantInt32(1)}"
                : target.AddInt32($"({atLeast})", target.ConstantInt32(1));
        }

        string? clamped = hasZero ? null : Clamped(code, scaled, suffix);
        int addend = codes.Kind == CodeNumber.Trit ? 1 - codes.Offset : -codes.Offset;
        string number;
        if (hasZero)
        {
            // The zero point is an integer: f32 sums are exact as far as codes reach.
            string sum = target.Add(Integral(code, scaled), $"shifts{suffix}");
            clamped = Declare(code, target.Single, target.AtMost(target.AtLeast(Reached(code, $"({sum})", $"shifts{suffix}", suffix), Constant(range.Low)), Constant(range.High)));
            number = target.RoundToInt32(clamped);
        }
        else if (spec.Encode.Rounding == EncodeRounding.HalfToEven)
        {
            number = target.RoundToInt32(clamped!);
        }
        else if (spec.Encode.Rounding == EncodeRounding.TowardZero)
        {
            number = target.TruncateToInt32(clamped!);
        }
        else if (spec.Encode.Rounding == EncodeRounding.HalfAwayFromZero)
        {
            number = target.TruncateToInt32($"({target.Add(clamped!, target.CopySign(MinifloatRounding.BelowHalf, clamped!))})");
        }
        else
        {
            number = target.TruncateToInt32($"({target.Add(clamped!, Constant(0.5 - range.Lowest))})");
            addend += (int)range.Lowest;
        }

        return Stored(code, number, addend, clamped!);
    }

    /// <summary>Whether codes are what <see cref="Target.RoundAwayToBytes"/> makes of four <see cref="Bounded"/> vectors.</summary>
    public bool RoundsTogether =>
        target.RoundsToBytes && !hasZero && spec.Encode.Rounding == EncodeRounding.HalfAwayFromZero && spec.Codes is { Kind: CodeNumber.Signed, Bits: 8, Offset: 0 };

    /// <summary>A scaled weight within what the encoder writes; signed bytes saturate by themselves.</summary>
    public string Bounded(CodeWriter code, string scaled, string suffix) =>
        range is { Low: sbyte.MinValue, High: sbyte.MaxValue } && spec.Encode.ProductLimit == 0 ? scaled : Clamped(code, scaled, suffix);

    private string Clamped(CodeWriter code, string scaled, string suffix) =>
        Declare(code, target.Single, target.AtMost(target.AtLeast(Reached(code, scaled, null, suffix), Constant(range.Low)), Constant(range.High)));

    /// <summary>A code within the product limit around the zero point, where there is one.</summary>
    private string Reached(CodeWriter code, string value, string? zero, string suffix)
    {
        if (spec.Encode.ProductLimit == 0)
        {
            return value;
        }

        string low = zero is null ? target.Subtract(Constant(0), $"reach{suffix}") : target.Subtract(zero, $"reach{suffix}");
        string high = zero is null ? $"reach{suffix}" : $"({target.Add(zero, $"reach{suffix}")})";
        return Declare(code, target.Single, target.AtMost(target.AtLeast(value, $"({low})"), high));
    }

    /// <summary>The nearest integer as f32.</summary>
    private string Integral(CodeWriter code, string scaled) => spec.Encode.Rounding switch
    {
        EncodeRounding.HalfToEven => target.RoundSingle(scaled),
        EncodeRounding.TowardZero => target.TruncateSingle(scaled),
        EncodeRounding.HalfAwayFromZero => target.TruncateSingle($"({target.Add(scaled, target.CopySign(MinifloatRounding.BelowHalf, scaled))})"),
        _ => $"({target.Add(target.TruncateSingle($"({target.Add(scaled, Constant(0.5 - range.Lowest))})"), Constant(range.Lowest))})",
    };

    private string Stored(CodeWriter code, string number, int addend, string clamped)
    {
        CodeSpec codes = spec.Codes;
        string shifted = addend == 0 ? number : target.AddInt32($"({number})", target.ConstantInt32(addend));
        int top = 1 << (codes.Bits - 1);
        switch (codes.Kind)
        {
            case CodeNumber.Signed:
                return $"({shifted}) & {target.ConstantInt32((2 * top) - 1)}";
            case CodeNumber.SignMagnitude:
                string n = Declare(code, target.Int32, shifted);
                string sign = Declare(code, target.Int32, $"{n} >> 31");
                string magnitude = target.SubtractInt32($"({n} ^ {sign})", sign);

                // The sign is the weight's, also where the magnitude rounds to 0: the reference keeps it.
                string negative = codes.Offset == 0 ? $"({target.GreaterThan(Constant(0), clamped)})" : sign;
                return $"({magnitude}) | ({negative} & {target.ConstantInt32(top)})";
            default:
                return shifted;
        }
    }

    /// <summary>The scale, with what keeps it from 0.</summary>
    private string Guarded(string scale) => spec.Encode.ScaleEpsilon == 0 ? scale : $"({scale} + {FloatLiteral.Of(FloatBits.FromSingle(spec.Encode.ScaleEpsilon))})";

    private string Constant(double value) => Constant(FloatBits.FromSingle((float)value));

    private string Constant(int bits) => target.SplatSingle(FloatLiteral.Of(bits));

    private string Declare(CodeWriter code, string type, string value)
    {
        string name = "t" + (_names++).ToString(CultureInfo.InvariantCulture);
        code.Line($"{type} {name} = {value};");
        return name;
    }
}

/// <summary>The numbers codes stand for.</summary>
/// <param name="Lowest">The lowest.</param>
/// <param name="Highest">The highest.</param>
/// <param name="Low">The lowest the encoder writes.</param>
/// <param name="High">The highest the encoder writes.</param>
internal readonly record struct CodeRange(double Lowest, double Highest, double Low, double High);
