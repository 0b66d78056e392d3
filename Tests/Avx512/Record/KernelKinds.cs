using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KernelGen.Avx512;

/// <summary>
/// Kernels that were met, by what their text follows from: micro-kernels by their shape; those of panels by the decoded form and the planes of its codes, too; those that
/// read or write stored rows by the form, by each type of stored parameter, and by whether the row ends within a block.
/// </summary>
internal sealed partial class KernelKinds
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Whether a format's kernel for an operation is the first of a kind.</summary>
    public bool IsNew(FormatDescriptor format, KernelSet kernels, string operation, bool ragged)
    {
        bool isNew = false;
        foreach (string kind in Kinds(format, kernels.Plan, operation, ragged))
        {
            isNew |= _seen.Add($"{operation} | {kind}");
        }

        return isNew;
    }

    private static IEnumerable<string> Kinds(FormatDescriptor format, string plan, string operation, bool ragged)
    {
        if (operation.StartsWith("f32 tile", StringComparison.Ordinal))
        {
            return [string.Empty];
        }

        string tile = Tile().Match(plan).Value;
        if (operation.StartsWith("Int8 tile", StringComparison.Ordinal))
        {
            return [tile];
        }

        string form = Planes().Match(plan).Value + Number().Replace(Form().Match(plan).Value, "#");
        return operation.StartsWith("GEMV", StringComparison.Ordinal) || operation.StartsWith("DecodeInt8", StringComparison.Ordinal)
            ? [form, tile]
            : [form, $"ragged {ragged}", .. format.Parameters.Select(p => $"{p.Type}, {ragged}")];
    }

    // "Packed panel: 16 rows, 32 inputs in 416 bytes, code planes of 4 + 2 bits at 32, header 0 bytes. Int8: w = q unsigned, |w| <= 62, value = w - 31;
    // activations share ...; micro-kernel Tile_U62_G1x2x16_F_C."
    [GeneratedRegex("code planes of [^b]*bits")]
    private static partial Regex Planes();

    [GeneratedRegex("Int8: [^;]*")]
    private static partial Regex Form();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("micro-kernel .*")]
    private static partial Regex Tile();
}
