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

    public static CodeSpec? Read(DeclaredCodes codes, DiagnosticBag diagnostics)
    {
        CodeNumber? kind = EnumTables.Member<CodeNumber>(codes.Kind, "CodeKind", codes.Location, diagnostics);
        if (codes.Bits is < 1 or > 8)
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

        CodeSpec spec = new(codes.Bits, number, codes.Offset);
        (long low, long high) = Range(spec, everyCode: true);
        if (low < -MaxValue || high > MaxValue)
        {
            diagnostics.Add(Rules.CodeRange, codes.Location, low, high);
            return null;
        }

        return spec;
    }

    public static CodebookSpec? ReadCodebook(DeclaredCodebook? codebook, DeclaredCodes codes, DiagnosticBag diagnostics)
    {
        if (codebook is null || codes.Bits is < 1 or > 8)
        {
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

        IReadOnlyList<double> values = codebook.Values;
        switch (codebook.Family)
        {
            case 0:
                break;
            case 1 when codes.Bits == 1:
                diagnostics.Add(Rules.CodebookSize, codebook.Location, "NormalFloat has tables for codes of 2 to 8 bits, not of 1");
                return null;
            case 1:
                values = NormalFloat.Table(codes.Bits);
                break;
            default:
                diagnostics.Add(Rules.UndefinedValue, codebook.Location, codebook.Family, "CodebookFamily");
                return null;
        }

        if (values.Count != 1 << codes.Bits)
        {
            diagnostics.Add(
                Rules.CodebookSize,
                codebook.Location,
                "The codebook has " + Text(values.Count) + " values, but codes of " + Text(codes.Bits) + " bits need " + Text(1 << codes.Bits));
            return null;
        }

        for (int i = 0; i < values.Count; i++)
        {
            if (!IsFinite((float)values[i]))
            {
                diagnostics.Add(Rules.CodebookValue, codebook.Location, values[i], i);
                return null;
            }
        }

        return new CodebookSpec(values.Select(static value => FloatBits.FromSingle((float)value)).ToEquatableArray());
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
