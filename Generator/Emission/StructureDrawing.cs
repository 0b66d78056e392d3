using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;

namespace KernelGen.Generator.Emission;

/// <summary>Restates a structure as text: the formula of a weight and the side arrays around the cell or the parts.</summary>
internal static class StructureDrawing
{
    /// <summary>What a weight is, and what follows the product.</summary>
    public static string Formula(StructureSpec spec)
    {
        string weight = spec.Cell is { } cell
            ? LayoutDrawing.Formula(cell).Substring("w = ".Length)
            : spec.IsSum
                ? string.Join(" + ", spec.Parts.Select(static part => part.Type.Name))
                : "{" + string.Join(", ", spec.Parts.Select(static part => part.Type.Name)) + "}[mask[i]]";
        foreach (ParameterSpec column in spec.Columns.OrderBy(static column => column.Role == ParameterRole.Zero ? 0 : column.Role == ParameterRole.Scale ? 1 : 2))
        {
            string value = LayoutDrawing.Name(column) + (column.Outputs == 1 ? "[i]" : $"[o / {column.Outputs}][i]");
            weight = column.Role switch
            {
                ParameterRole.Min => $"{weight} + {value}",
                ParameterRole.Zero => $"{weight} - {value}",
                _ => $"{value} * {Bracketed(weight)}",
            };
        }

        weight = spec.Outer switch
        {
            { Row: not null, Column: not null } => $"(row[o] * column[i]) * {Bracketed(weight)}",
            { Row: not null } => $"row[o] * {Bracketed(weight)}",
            { } => $"column[i] * {Bracketed(weight)}",
            _ => weight,
        };
        return "w = " + weight + (spec.PostNorm is null ? string.Empty : ", y = norm(W x)");
    }

    /// <summary>Lines of the cell's layout and of the side arrays.</summary>
    public static IEnumerable<string> Lines(StructureSpec spec)
    {
        foreach (string line in spec.Cell is { } cell ? LayoutDrawing.Lines(cell) : [])
        {
            yield return line;
        }

        for (int i = 0; i < spec.Parts.Count; i++)
        {
            yield return $"{(spec.IsSum ? "term" : "part")} {i,-2}         {EmittedNames.Reference(spec.Parts[i].Type).Substring("global::".Length)}";
        }

        if (spec.Parts.Count > 0 && !spec.IsSum)
        {
            yield return $"side array      mask: u{MaskBits(spec.Parts.Count)} per input";
        }

        if (spec.Gather is { } order)
        {
            yield return $"side array      order: u{order.Bits} per row, the output it belongs to";
        }

        foreach (ParameterSpec column in spec.Columns)
        {
            yield return $"side array      {column.Name}: {LayoutDrawing.TypeName(column.Type)} per input{Outputs(column)}";
        }

        foreach (ParameterSpec shared in spec.Cell is { } own ? own.Parameters.Where(static parameter => parameter.IsShared) : [])
        {
            yield return shared.Extent == ParameterExtent.Row
                ? $"stored apart    {shared.Name}: one{Outputs(shared)}"
                : $"stored apart    {shared.Name}: one per {(long)shared.Inputs * shared.Blocks} inputs{Outputs(shared)}{(shared.IsFlat ? " counted through all rows" : string.Empty)}, not in the block";
        }

        if (spec.Outer?.Row is { } row)
        {
            yield return $"side array      row: {LayoutDrawing.TypeName(row)} per row";
        }

        if (spec.Outer?.Column is { } vector)
        {
            yield return $"side array      column: {LayoutDrawing.TypeName(vector)} per input";
        }
    }

    private static string Outputs(ParameterSpec parameter) => parameter.Outputs switch
    {
        OutputRules.Runs => " per run of rows, whose lengths are the side array runs",
        0 => " per slab of outputs",
        1 => string.Empty,
        int outputs => $" per {outputs} outputs",
    };

    private static string Bracketed(string weight) => weight.Contains(" + ") || weight.Contains(" * ") || (weight.Contains(" - ") && weight[0] != '(') ? $"({weight})" : weight;

    private static int MaskBits(int parts)
    {
        int bits = 1;
        while (1 << bits < parts)
        {
            bits++;
        }

        return bits;
    }
}
