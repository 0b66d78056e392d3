using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks a scalar type that parameters name, and makes its table.</summary>
internal static class ScalarRules
{
    /// <summary>Bits of a code, the f32 bits of every code's value and the encoder's steps, or none and a diagnostic at <paramref name="at"/>.</summary>
    public static (int Bits, EquatableArray<int> Values, EquatableArray<ScalarStep> Steps)? Read(DeclaredScalar scalar, LocationInfo at, DiagnosticBag diagnostics)
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

        return CodeRules.ReadCodebook(scalar.Element, scalar.Codes!, 1, null, diagnostics, isScalar: true) is { } codebook
            ? (scalar.Codes!.Bits, codebook.ValueBits, Steps(codebook.ValueBits, scalar.Element.Minifloat).ToEquatableArray())
            : null;
    }

    /// <summary>The nearest number, of two the upper; with the exponent first, what the minifloat says.</summary>
    public static IEnumerable<ScalarStep> Steps(EquatableArray<int> values, DeclaredMinifloat? minifloat = null)
    {
        // Bits above a float are written as 0.
        int written = minifloat is null ? values.Count : 1 << MinifloatRules.Width(minifloat);
        List<int> order = [.. Enumerable.Range(0, written)
            .GroupBy(code => FloatBits.ToSingle(values[code]))
            .Select(static equal => equal.First())
            .OrderBy(code => FloatBits.ToSingle(values[code]))];
        (double least, double top) = minifloat is { ExponentFirst: true } ? MinifloatRules.Bounds(minifloat) : (double.NaN, double.PositiveInfinity);
        int largest = order[order.Count - 1];
        order.RemoveAll(code => FloatBits.ToSingle(values[code]) >= top && code != largest);
        for (int i = 0; i < order.Count - 1; i++)
        {
            double lower = FloatBits.ToSingle(values[order[i]]);
            double upper = FloatBits.ToSingle(values[order[i + 1]]);
            yield return new ScalarStep(order[i], LastBelow(upper == least ? least : (lower + System.Math.Min(upper, top)) / 2));
        }

        yield return new ScalarStep(order[order.Count - 1], 0);
    }

    /// <summary>The bits of the largest f32 below a number.</summary>
    private static int LastBelow(double number)
    {
        float nearest = (float)number;
        return FloatBits.FromSingle(nearest >= number ? FloatBits.NextDown(nearest) : nearest);
    }
}
