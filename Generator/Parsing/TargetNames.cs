using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>The targets a project can ask for by name.</summary>
internal static class TargetNames
{
    /// <summary>The target that is always generated.</summary>
    public const string Scalar = "Scalar";

    /// <summary>All targets, from the least to the most demanding; the members of <c>KernelGen.KernelTarget</c>.</summary>
    public static readonly EquatableArray<string> All = new([Scalar, "Vector128", "Avx2", "Neon", "NeonDot"]);

    private static readonly char[] Separators = [',', ';'];

    /// <summary>The targets a property names: all where it names none; the scalar one always; in the order of <see cref="All"/>.</summary>
    public static EquatableArray<string> Parse(string? property, DiagnosticBag diagnostics)
    {
        List<string> named = [.. (property ?? string.Empty)
            .Split(Separators)
            .Select(static name => name.Trim())
            .Where(static name => name.Length != 0)];
        foreach (string name in named)
        {
            if (!All.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                diagnostics.Add(Rules.TargetUnknown, null, name, string.Join(", ", All));
            }
        }

        return named.Count == 0
            ? All
            : All.Where(target => target == Scalar || named.Contains(target, StringComparer.OrdinalIgnoreCase)).ToEquatableArray();
    }
}
