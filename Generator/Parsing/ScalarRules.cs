using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks a scalar type that parameters name, and makes its table.</summary>
internal static class ScalarRules
{
    /// <summary>Bits of a code and the f32 bits of every code's value, or none and a diagnostic at <paramref name="at"/>.</summary>
    public static (int Bits, EquatableArray<int> Values)? Read(DeclaredScalar scalar, LocationInfo at, DiagnosticBag diagnostics)
    {
        string? fault =
            scalar.Codes is null ? "it has no [Codes]"
            : !scalar.IsPlain ? "it has attributes besides [Codes] and [Codebook] or [Minifloat]"
            : scalar.Element.Codebook is null && scalar.Element.Minifloat is null ? "it has no [Codebook] and no [Minifloat]"
            : scalar.Codes.Bits is < 1 or > 8 ? "its codes do not have 1 to 8 bits"
            : null;
        if (fault is not null)
        {
            diagnostics.Add(Rules.ScalarUnsupported, at, scalar.Name, fault);
            return null;
        }

        return CodeRules.ReadCodebook(scalar.Element, scalar.Codes!, 1, null, diagnostics) is { } codebook
            ? (scalar.Codes!.Bits, codebook.ValueBits)
            : null;
    }
}
