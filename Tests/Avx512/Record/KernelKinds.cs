using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Avx512;

/// <summary>
/// Kernels that were met, by what their text follows from: micro-kernels by their shape, those of products by the decoded form as well, those that read or write
/// stored rows by the stored parameters, too, and by whether the row ends within a block.
/// </summary>
internal sealed class KernelKinds
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Whether a format's kernel for an operation is the first of its kind.</summary>
    public bool IsNew(FormatDescriptor format, KernelSet kernels, string operation, bool ragged) => _seen.Add(Kind(format, kernels, operation, ragged));

    private static string Kind(FormatDescriptor format, KernelSet kernels, string operation, bool ragged)
    {
        // "... Int8: w = q unsigned, |w| <= 15, value = w - 8; activations share ...; micro-kernel Tile_U15_G1x1x32_F_C."
        string[] plan = kernels.Plan[kernels.Plan.IndexOf("Int8:", StringComparison.Ordinal)..].Split("; ");
        string tile = Array.Find(plan, part => part.StartsWith("micro-kernel", StringComparison.Ordinal)) ?? string.Empty;
        string stored = string.Join(' ', format.Parameters.Select(p => $"{p.Role} {p.Type}"));
        string[] parts = operation switch
        {
            _ when operation.StartsWith("f32 tile", StringComparison.Ordinal) => [operation],
            _ when operation.StartsWith("Int8 tile", StringComparison.Ordinal) => [operation, tile],
            _ when operation.StartsWith("GEMV of", StringComparison.Ordinal) => [operation, plan[0], tile, plan[^1]],
            _ when operation.StartsWith("DecodeInt8", StringComparison.Ordinal) => [operation, plan[0], tile],
            _ => [operation, plan[0], stored, $"{ragged}"],
        };
        return string.Join(" | ", parts);
    }
}
