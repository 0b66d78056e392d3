using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks [Encode] against the format it is to encode, and fills in its defaults.</summary>
internal static class EncodeRules
{
    /// <summary>Most rounds of fitting.</summary>
    private const int MostRounds = 100;

    public static EncodeSpec Read(
        DeclaredEncode? encode,
        CodeSpec codes,
        CodebookSpec? codebook,
        IReadOnlyList<ParameterSpec> parameters,
        DiagnosticBag diagnostics)
    {
        bool hasScale = parameters.Any(static parameter => parameter.Role == ParameterRole.Scale);
        bool hasMin = parameters.Any(static parameter => parameter.Role == ParameterRole.Min);
        bool hasZero = parameters.Any(static parameter => parameter.Role == ParameterRole.Zero);
        EncodeSpec standard = new(
            hasMin || hasZero ? EncodeRange.MinMax : EncodeRange.AbsMax,
            EncodeRounding.HalfToEven,
            Reciprocal: false,
            UnroundedScale: false,
            MinScale: 0,
            Limit: 0);
        if (encode is null)
        {
            return standard;
        }

        EncodeRange? range = EnumTables.Member<EncodeRange>(encode.Range, "RangeRule", encode.Location, diagnostics);
        EncodeRounding? rounding = EnumTables.Member<EncodeRounding>(encode.Rounding, "CodeRounding", encode.Location, diagnostics);
        if (range is not { } rule || rounding is not { } ties)
        {
            return standard;
        }

        if (codes.Float is not null)
        {
            diagnostics.Add(Rules.EncodeContradiction, encode.Location, "RangeRule." + rule, "plain floats have no range to choose");
            return standard;
        }

        (double low, double high) = Values(codes, codebook);
        string? contradiction = rule switch
        {
            EncodeRange.SignedMax when hasMin || hasZero => "the range of a format with a minimum or a zero point is not symmetric",
            EncodeRange.SignedMax when low >= 0 => "no code is negative",
            EncodeRange.SignedMax when !parameters.Any(CanBeNegativeScale) => "the scale takes the sign of the largest weight, and no declared scale can be negative",
            EncodeRange.MinMax or EncodeRange.MinMaxWithZero when !hasMin && !hasZero => "it needs a minimum or a zero point",
            EncodeRange.AbsMean or EncodeRange.AbsMedian or EncodeRange.CentredAbsMean
                when codebook is not null || codes.Kind is not (CodeNumber.Trit or CodeNumber.Sign or CodeNumber.InvertedSign) =>
                "a scale of mean or median magnitude needs Trit or Sign codes",
            EncodeRange.AbsMean or EncodeRange.AbsMedian when !hasScale => "the format has no scale",
            EncodeRange.CentredAbsMean or EncodeRange.StandardDeviation when !hasScale || !hasMin => "it needs a scale and a minimum, which is the mean",
            EncodeRange.ExponentCeiling or EncodeRange.ExponentFloor or EncodeRange.ExponentReciprocal when !parameters.Any(IsExponentScale) =>
                "it needs a scale whose numbers are powers of two: E8M0, Exponent8 or an exponential parameter",
            _ when encode.ReciprocalFirst && !IsOneScaleOfTheBlock(parameters) =>
                "the reciprocal of a scale comes first only where one scale, stored in the block, is all there is",
            not (EncodeRange.AbsMax or EncodeRange.SignedMax) when encode.ReciprocalFirst => "only the rules that divide one weight by a code can find the reciprocal first",
            _ => null,
        };
        contradiction ??= RoundingContradiction(encode, ties, codebook) ?? RoundsContradiction(encode, hasScale, hasZero, parameters) ?? LevelsContradiction(encode, codebook, hasMin, parameters) ?? ShrinksContradiction(encode, rule, hasScale);
        if (contradiction is not null)
        {
            diagnostics.Add(Rules.EncodeContradiction, encode.Location, "RangeRule." + rule, contradiction);
        }

        CheckOptions(encode, hasScale, diagnostics);
        CheckLimit(encode, codebook is not null, hasMin || hasZero, low, high, diagnostics);
        return new EncodeSpec(rule, ties, encode.Reciprocal, encode.UnroundedScale, (float)encode.MinScale, encode.Limit, encode.ReciprocalFirst, encode.WholeRow, encode.Rounds, (float)encode.ScaleEpsilon, (float)encode.LogEpsilon, encode.RowLimit, encode.RowIntegers, encode.StoredScaleFirst, encode.ProductLimit, encode.Shrinks, encode.Shrinks == 0 ? 0 : (float)encode.LeastRange);
    }

    private static string? RoundingContradiction(DeclaredEncode encode, EncodeRounding rounding, CodebookSpec? codebook) => rounding switch
    {
        EncodeRounding.HalfToEvenCode when codebook is null => "CodeRounding.HalfToEvenCode is a rounding of codebooks; integers have HalfToEven",
        EncodeRounding.WithoutCarry when codebook is null || codebook.Mantissa < 0 => "CodeRounding.WithoutCarry needs a [Minifloat], whose codes have a mantissa",
        EncodeRounding.Logarithmic when codebook is null || codebook.ValueBits.Any(static bits => (bits & int.MaxValue) == 0) =>
            "CodeRounding.Logarithmic needs a codebook without 0, which has no logarithm",
        not (EncodeRounding.WithoutCarry or EncodeRounding.Logarithmic) when encode.LogEpsilon != 0 => "LogEpsilon belongs to CodeRounding.WithoutCarry and CodeRounding.Logarithmic",
        _ => null,
    };

    private static string? RoundsContradiction(DeclaredEncode encode, bool hasScale, bool hasZero, IReadOnlyList<ParameterSpec> parameters) =>
        encode.Rounds is < 0 or > MostRounds ? "Rounds = " + encode.Rounds.ToString(CultureInfo.InvariantCulture) + " is not between 0 and " + MostRounds.ToString(CultureInfo.InvariantCulture)
        : encode.Rounds > 0 && (!hasScale || hasZero || parameters.Any(IsExponentScale)) ? "Rounds fit a scale that is any number, and a minimum; the format has none, a zero point, or powers of two"
        : encode.Rounds > 0 && (encode.ReciprocalFirst || encode.WholeRow) ? "Rounds fit the scale of a cell's own weights: without ReciprocalFirst and WholeRow"
        : null;

    private static string? ShrinksContradiction(DeclaredEncode encode, EncodeRange rule, bool hasScale) =>
        encode.Shrinks is < 0 or > MostRounds ? "Shrinks = " + encode.Shrinks.ToString(CultureInfo.InvariantCulture) + " is not between 0 and " + MostRounds.ToString(CultureInfo.InvariantCulture)
        : encode.Shrinks == 0 ? null
        : !(encode.LeastRange > 0 && encode.LeastRange < 1) ? "LeastRange is a part of the range, between 0 and 1"
        : !hasScale || rule is not (EncodeRange.AbsMax or EncodeRange.SignedMax or EncodeRange.MinMax or EncodeRange.MinMaxWithZero) ? "Shrinks need a scale and a rule of largest and least weights"
        : encode.ReciprocalFirst || encode.WholeRow || encode.StoredScaleFirst ? "Shrinks try the range of a cell's own weights: without ReciprocalFirst, WholeRow and StoredScaleFirst"
        : null;

    private static string? LevelsContradiction(DeclaredEncode encode, CodebookSpec? codebook, bool hasMin, IReadOnlyList<ParameterSpec> parameters) =>
        encode.RowLimit < 0 || encode.ProductLimit < 0 ? "RowLimit and ProductLimit are magnitudes; give 1 or more, or 0 for none"
        : encode.RowLimit > 0 && !EncoderPlan.IsUnderRow(parameters) ? "RowLimit speaks of one float scale per row above one scale of integers in the block, without a minimum"
        : encode.RowLimit > 0 && (encode.Rounds > 0 || encode.ReciprocalFirst) ? "integer scales are not fitted: RowLimit goes without Rounds and ReciprocalFirst"
        : encode.RowIntegers && encode.RowLimit == 0 ? "RowIntegers are integers of the scale that RowLimit chooses"
        : encode.StoredScaleFirst && !parameters.Any(static parameter => parameter is { Role: ParameterRole.Zero, IsSide: false }) ? "StoredScaleFirst speaks of a zero point in the block"
        : encode.ProductLimit > 0 && (codebook is not null || hasMin) ? "ProductLimit keeps integers times a scale within range; the format has a codebook or a minimum"
        : null;

    private static bool IsOneScaleOfTheBlock(IReadOnlyList<ParameterSpec> parameters) =>
        parameters.Count(static parameter => parameter.IsFactor) == 1
        && parameters.Any(static parameter => parameter is { Role: ParameterRole.Scale, IsSide: false });

    private static void CheckOptions(DeclaredEncode encode, bool hasScale, DiagnosticBag diagnostics)
    {
        string? scaleOption =
            encode.Reciprocal ? "Reciprocal"
            : encode.ReciprocalFirst ? "ReciprocalFirst"
            : encode.UnroundedScale ? "UnroundedScale"
            : encode.MinScale != 0 ? "MinScale"
            : encode.ScaleEpsilon != 0 ? "ScaleEpsilon"
            : null;
        if (!hasScale && scaleOption is not null)
        {
            diagnostics.Add(Rules.EncodeContradiction, encode.Location, scaleOption, "the format has no scale");
        }

        float minScale = (float)encode.MinScale;
        if (!(minScale >= 0) || float.IsInfinity(minScale) || (minScale == 0 && encode.MinScale != 0))
        {
            diagnostics.Add(Rules.EncodeMinScale, encode.Location, encode.MinScale);
        }

        foreach ((string name, double epsilon) in new[] { ("ScaleEpsilon", encode.ScaleEpsilon), ("LogEpsilon", encode.LogEpsilon) })
        {
            if (!((float)epsilon >= 0) || float.IsInfinity((float)epsilon))
            {
                diagnostics.Add(Rules.EncodeContradiction, encode.Location, name, "give a finite f32 number, 0 or greater");
            }
        }
    }

    private static void CheckLimit(DeclaredEncode encode, bool hasCodebook, bool isShifted, double low, double high, DiagnosticBag diagnostics)
    {
        if (encode.Limit == 0)
        {
            return;
        }

        // A zero point or minimum moves the range, so its half is what fits on both sides.
        double largest = isShifted ? System.Math.Floor((high - low) / 2) : System.Math.Max(0, System.Math.Min(-low, high));
        if (hasCodebook)
        {
            diagnostics.Add(Rules.EncodeLimit, encode.Location, encode.Limit, "a codebook has no magnitude of codes");
        }
        else if (encode.Limit < 0 || encode.Limit > largest)
        {
            diagnostics.Add(
                Rules.EncodeLimit,
                encode.Location,
                encode.Limit,
                "the codes hold magnitudes up to " + largest.ToString(CultureInfo.InvariantCulture) + " on both sides");
        }
    }

    private static (double Low, double High) Values(CodeSpec codes, CodebookSpec? codebook)
    {
        if (codebook is not null)
        {
            return (codebook.Numbers.Min(), codebook.Numbers.Max());
        }

        (long low, long high) = CodeRules.Range(codes, everyCode: false);
        return (low, high);
    }

    /// <summary>Whether every number of a scale is a power of two, or 0 where one is too small for f32.</summary>
    private static bool IsExponentScale(ParameterSpec parameter) =>
        parameter.Role == ParameterRole.Scale
        && (parameter.Type.Class is StoredClass.E8M0 or StoredClass.Exponent8
            || (parameter.Type.Class == StoredClass.Table && parameter.Multiply == 1 && parameter.Add == 0 && parameter.Table.All(IsPowerOfTwoOrZero)));

    private static bool IsPowerOfTwoOrZero(int bits) => bits >= 0 && (bits >= 0x00800000 ? (bits & 0x007FFFFF) == 0 : (bits & (bits - 1)) == 0);

    private static bool CanBeNegativeScale(ParameterSpec parameter)
    {
        if (parameter.Role != ParameterRole.Scale)
        {
            return false;
        }

        return parameter.Type.Class switch
        {
            StoredClass.E8M0 or StoredClass.Exponent8 => parameter.Negative,
            StoredClass.Unsigned => parameter.Negative || parameter.Multiply < 0 || parameter.Add < 0,
            StoredClass.Table => parameter.Negative || parameter.Multiply < 0 || parameter.Add < 0 || parameter.Table.Any(static bits => bits < 0),
            _ => true,
        };
    }
}
