using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks [Selector] and [Pad], fields of small integers that are no parameters.</summary>
internal static class SelectorRules
{
    private const int MostBits = 8;

    /// <summary>Whether selector and code index one table of at most 256 values, and that table is given.</summary>
    public static bool HasTables(DeclaredSelector selector, DeclaredCodes codes, DeclaredElement element) =>
        selector.Bits is >= 1 and < MostBits && codes.Bits + selector.Bits <= MostBits && (element.File is not null || element.Codebook is { Family: 0 });

    /// <summary>The quantity of a selector, or none and a diagnostic.</summary>
    public static ParameterSpec? Read(DeclaredSelector selector, Declaration declaration, DiagnosticBag diagnostics)
    {
        DeclaredElement element = declaration.Element;
        string? fault =
            declaration.Codes is { } codes && !HasTables(selector, codes, element)
                ? "A selector of " + Text(selector.Bits) + " bits above codes of " + Text(codes.Bits) + " chooses among the tables of a [Codebook] with values or a [CodebookFile], and both have at most " + Text(MostBits) + " bits"
            : element.Vector is not null || element.Signs is not null || element.Digits.Count != 0 ? "Selected tables are of single inputs; remove [Vector], [Signs] or [Digits]"
            : declaration.Fields.Any(static field => field is DeclaredSum) ? "Values of selected tables have no stored sums"
            : null;
        return Quantity(selector.Per, declaration.Block, selector.Location, ref fault, diagnostics) is { } inputs && fault is null
            ? new ParameterSpec(ParameterRole.Selector, selector.Name ?? "selector", new StoredType(StoredClass.Unsigned, selector.Bits), ParameterExtent.Block, inputs, 1, 0, Negative: false)
            : Report(Rules.SelectorUnsupported, selector.Location, fault, diagnostics);
    }

    /// <summary>The quantity of unused bits, or none and a diagnostic.</summary>
    public static ParameterSpec? Read(DeclaredPad pad, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        string? fault = pad.Bits is < 1 or > MostBits ? "A field of " + Text(pad.Bits) + " unused bits is not supported; give 1 to " + Text(MostBits) + ", or several fields" : null;
        return Quantity(pad.Per, block, pad.Location, ref fault, diagnostics) is { } inputs && fault is null
            ? new ParameterSpec(ParameterRole.Pad, pad.Name ?? "pad", new StoredType(StoredClass.Unsigned, pad.Bits), ParameterExtent.Block, inputs, 1, 0, Negative: false)
            : Report(Rules.PadUnsupported, pad.Location, fault, diagnostics);
    }

    /// <summary>Inputs of an entry in the block.</summary>
    private static int? Quantity(int per, DeclaredBlock block, LocationInfo location, ref string? fault, DiagnosticBag diagnostics)
    {
        ParameterExtent? extent = ParameterRules.ReadExtent(per, location, block, diagnostics);
        fault ??= extent is null or ParameterExtent.Block ? null : "It is a field of the block: give Per a number of inputs";
        return extent is null ? null : per == 0 ? block.Inputs : per;
    }

    private static ParameterSpec? Report(Microsoft.CodeAnalysis.DiagnosticDescriptor rule, LocationInfo location, string? fault, DiagnosticBag diagnostics)
    {
        if (fault is not null)
        {
            diagnostics.Add(rule, location, fault);
        }

        return null;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
