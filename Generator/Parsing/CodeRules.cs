using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks what [Codes] and [Codebook] say about the meaning of a code.</summary>
internal static class CodeRules
{
    private const int MaxValue = 255;

    /// <summary>The code, or none and a diagnostic.</summary>
    /// <param name="codes">[Codes].</param>
    /// <param name="element">What else says how it is read.</param>
    /// <param name="length">Inputs it stands for.</param>
    /// <param name="diagnostics">What is wrong.</param>
    public static CodeSpec? Read(DeclaredCodes codes, DeclaredElement element, int length, DiagnosticBag diagnostics)
    {
        if (MinifloatRules.Plain(element.Minifloat, codes.Bits) is { } plain)
        {
            return ReadPlain(codes, element, plain, diagnostics);
        }

        if (codes.Kind == (int)CodeNumber.Float)
        {
            // The model's own: no kind of the language.
            diagnostics.Add(Rules.UndefinedValue, codes.Location, codes.Kind, "CodeKind");
            return null;
        }

        CodeNumber? kind = EnumTables.Member<CodeNumber>(codes.Kind, "CodeKind", codes.Location, diagnostics);
        if (codes.Bits > 8 && element is { Minifloat: not null, Vector: null })
        {
            // What is wrong with the float is said where its table is made.
            return null;
        }

        if (codes.Bits < 1 || codes.Bits > (element.Vector is null ? 8 : 16))
        {
            diagnostics.Add(Rules.CodeBits, codes.Location, codes.Bits);
            return null;
        }

        if (kind is not { } number)
        {
            return null;
        }

        string? width = number switch
        {
            CodeNumber.Sign or CodeNumber.InvertedSign when codes.Bits != 1 => "1 bit",
            CodeNumber.Trit when codes.Bits != 2 => "2 bits",
            CodeNumber.SignMagnitude when codes.Bits < 2 => "2 to 8 bits",
            _ => null,
        };
        if (width is not null)
        {
            diagnostics.Add(Rules.CodeKindBits, codes.Location, number, width, codes.Bits);
            return null;
        }

        CodeSpec spec = new(codes.Bits, number, codes.Offset, length);
        if (element.Vector is not null || element.File is not null || element.Codebook is not null || element.Minifloat is not null)
        {
            // The values are a table's.
            return spec;
        }

        (long low, long high) = Range(spec, everyCode: true);
        if (low < -MaxValue || high > MaxValue)
        {
            diagnostics.Add(Rules.CodeRange, codes.Location, low, high);
            return null;
        }

        return spec;
    }

    /// <summary>The table that codes index; none without one, or with a diagnostic.</summary>
    /// <param name="element">The attributes that may give it.</param>
    /// <param name="codes">[Codes].</param>
    /// <param name="length">Values of one entry.</param>
    /// <param name="file">The file that [CodebookFile] names, or null where the project has none of its name.</param>
    /// <param name="diagnostics">What is wrong.</param>
    /// <param name="isScalar">Whether it is the table of a scalar type, whose codes may be wider than its float.</param>
    public static CodebookSpec? ReadCodebook(
        DeclaredElement element, DeclaredCodes codes, int length, CodebookFile? file, DiagnosticBag diagnostics, bool isScalar = false)
    {
        List<DeclaredAttribute> tables =
            [.. new DeclaredAttribute?[] { element.Codebook, element.File, element.Minifloat }.Where(static table => table is not null).Select(static table => table!)];
        if (tables.Count == 0
            || codes.Bits < 1
            || (codes.Bits > (element.Vector is null ? 8 : 16) && element.Minifloat is null)
            || MinifloatRules.Plain(element.Minifloat, codes.Bits) is not null)
        {
            return null;
        }

        if (tables.Count > 1)
        {
            diagnostics.Add(Rules.CodebookCodes, tables[1].Location, "another table", "give one of [Codebook], [CodebookFile] and [Minifloat]");
            return null;
        }

        if (codes.Offset != 0)
        {
            diagnostics.Add(Rules.CodebookCodes, codes.Location, "Offset = " + Text(codes.Offset), "put the values themselves into the codebook");
        }

        if (codes.Kind != (int)CodeNumber.Unsigned)
        {
            diagnostics.Add(Rules.CodebookCodes, codes.Location, "a kind", "leave CodeKind.Unsigned");
        }

        if (element.Selector is { } selector && !SelectorRules.HasTables(selector, codes, element))
        {
            // It has its own diagnostic.
            return null;
        }

        LocationInfo at = tables[0].Location;
        bool onlyNumbers = isScalar || element.Signs is not null;
        if (Values(element, codes, file, isScalar, onlyNumbers, diagnostics) is not { } values)
        {
            return null;
        }

        int selected = element.Selector?.Bits ?? 0;
        int count = length << (codes.Bits + selected);
        if (values.Count != count)
        {
            diagnostics.Add(
                Rules.CodebookSize,
                at,
                "The codebook has " + Text(values.Count) + " values, but codes of " + Text(codes.Bits) + " bits need "
                    + Text(count) + (length == 1 ? string.Empty : ", " + Text(length) + " for each") + (selected == 0 ? string.Empty : ", for " + Text(1 << selected) + " tables"));
            return null;
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (!IsFinite((float)values[i]) && element.Minifloat is null)
            {
                diagnostics.Add(Rules.CodebookValue, at, values[i], i);
                return null;
            }
        }

        return new CodebookSpec(values.Select(static value => FloatBits.FromSingle((float)value)).ToEquatableArray(), element.Minifloat?.Mantissa ?? -1);
    }

    private static IReadOnlyList<double>? Values(DeclaredElement element, DeclaredCodes codes, CodebookFile? file, bool isScalar, bool onlyNumbers, DiagnosticBag diagnostics)
    {
        if (element.Minifloat is { } minifloat)
        {
            return MinifloatRules.Table(minifloat, codes.Bits, isScalar, onlyNumbers, diagnostics);
        }

        if (element.File is { } named)
        {
            string? fault = file is null ? "the project has no AdditionalFiles item of this name" : file.Fault;
            if (fault is not null)
            {
                diagnostics.Add(Rules.CodebookFileUnusable, named.Location, named.Name, fault);
                return null;
            }

            return file!.Values;
        }

        DeclaredCodebook codebook = element.Codebook!;
        switch (codebook.Family)
        {
            case 0:
                return codebook.Values;
            case >= 1 and <= 4 when element.Vector is not null:
                diagnostics.Add(Rules.CodebookSize, codebook.Location, "A family has tables of single values, none of vectors");
                return null;
            case 1 when codes.Bits is 1 or > 8:
                diagnostics.Add(Rules.CodebookSize, codebook.Location, "NormalFloat has tables for codes of 2 to 8 bits");
                return null;
            case 1:
                return NormalFloat.Table(codes.Bits);
            case 2 or 3 when codes.Bits != 8:
                diagnostics.Add(Rules.CodebookSize, codebook.Location, "The dynamic maps are tables for codes of 8 bits");
                return null;
            case 2 or 3:
                return DynamicMap.Table(isSigned: codebook.Family == 2);
            case 4 when codes.Bits is 1 or > 8:
                diagnostics.Add(Rules.CodebookSize, codebook.Location, "PowersOfTwo has tables for codes of 2 to 8 bits");
                return null;
            case 4:
                return PowersOfTwo(codes.Bits);
            default:
                diagnostics.Add(Rules.UndefinedValue, codebook.Location, codebook.Family, "CodebookFamily");
                return null;
        }
    }

    /// <summary>A sign above an exponent with the bias 2^(b - 2) - 1: every power once with each sign, and no zero.</summary>
    private static double[] PowersOfTwo(int bits)
    {
        int half = 1 << (bits - 1);
        int bias = (half / 2) - 1;
        return [.. Enumerable.Range(0, 2 * half).Select(code => (code < half ? 1 : -1) * System.Math.Pow(2, (code % half) - bias))];
    }

    private static CodeSpec? ReadPlain(DeclaredCodes codes, DeclaredElement element, StoredType type, DiagnosticBag diagnostics)
    {
        string? fault =
            codes.Offset != 0 || codes.Kind != (int)CodeNumber.Unsigned ? "A plain float has no offset and no other kind; leave both"
            : element.Codebook is not null || element.File is not null ? "A plain float has no codebook"
            : element.Vector is not null || element.Signs is not null || element.Digits.Count != 0 ? "A plain float is the value of one input: it takes no [Vector], [Signs] or [Digits]"
            : null;
        if (fault is null)
        {
            return new CodeSpec(codes.Bits, CodeNumber.Float, 0, 1, type);
        }

        diagnostics.Add(Rules.MinifloatUnsupported, element.Minifloat!.Location, fault);
        return null;
    }

    /// <summary>The least and the largest integer a code means.</summary>
    /// <param name="codes">The code, without a codebook.</param>
    /// <param name="everyCode">Whether codes that are never written count.</param>
    public static (long Low, long High) Range(CodeSpec codes, bool everyCode)
    {
        long full = 1L << codes.Bits;
        (long low, long high) = codes.Kind switch
        {
            CodeNumber.Signed => (-full / 2, (full / 2) - 1),
            CodeNumber.SignMagnitude => (1 - (full / 2), (full / 2) - 1),
            CodeNumber.Sign or CodeNumber.InvertedSign => (-1, 1),
            CodeNumber.Trit => (-1, everyCode ? 2 : 1),
            _ => (0, full - 1),
        };
        return (low + codes.Offset, high + codes.Offset);
    }

    public static bool IsFinite(double value) => !double.IsNaN(value) && !double.IsInfinity(value);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
