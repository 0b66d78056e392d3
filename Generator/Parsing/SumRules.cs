using System;
using System.Globalization;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks one [StoredSum].</summary>
internal static class SumRules
{
    /// <summary>The quantity, or none and a diagnostic.</summary>
    public static ParameterSpec? Read(DeclaredSum sum, Declaration declaration, DiagnosticBag diagnostics)
    {
        StoredType? type = EnumTables.Scalar(sum.Type, sum.Location, diagnostics);
        ParameterExtent? extent = ParameterRules.ReadExtent(sum.Per, sum.Location, declaration.Block, diagnostics);
        if (type is null || extent is null)
        {
            return null;
        }

        int inputs = sum.Per == 0 ? declaration.Block.Inputs : sum.Per;
        string? fault =
            extent != ParameterExtent.Block ? "A sum is stored in the block: give Per a number of inputs"
            : type.Class is StoredClass.E8M0 or StoredClass.Exponent8 ? "An exponent holds no sum; give a float or an integer"
            : sum.Scaled && type.Class is StoredClass.Unsigned or StoredClass.Signed ? "A scaled sum is no integer; give a float, or leave Scaled out"
            : Fault(type, inputs, declaration);
        if (fault is not null)
        {
            diagnostics.Add(Rules.SumUnsupported, sum.Location, fault);
            return null;
        }

        return new ParameterSpec(
            sum.Scaled ? ParameterRole.ScaledSum : ParameterRole.Sum, sum.Name ?? "sum", type, ParameterExtent.Block, inputs, 1, 0, Negative: false);
    }

    /// <summary>Integer sums must hold the largest; they are sums of integer codes.</summary>
    private static string? Fault(StoredType type, int inputs, Declaration declaration)
    {
        if (declaration.Codes is not { Bits: >= 1 and <= 8 } codes || type.Class is not (StoredClass.Unsigned or StoredClass.Signed))
        {
            return null;
        }

        if (declaration.Element is not { Codebook: null, File: null, Minifloat: null } || !Enum.IsDefined(typeof(CodeNumber), codes.Kind))
        {
            return "The values of a table have no integer sums; give a float type";
        }

        (long low, long high) = CodeRules.Range(new CodeSpec(codes.Bits, (CodeNumber)codes.Kind, codes.Offset), everyCode: true);
        long least = type.Class == StoredClass.Signed ? -(1L << (type.Bits - 1)) : 0;
        long most = least + (1L << type.Bits) - 1;
        return inputs * low < least || inputs * high > most
            ? "Sums of " + Text(inputs) + " codes reach from " + Text(inputs * low) + " to " + Text(inputs * high) + ", beyond the stored type"
            : null;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
