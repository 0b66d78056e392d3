using System.Globalization;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks one [LearnedCodebook].</summary>
internal static class LearnedRules
{
    /// <summary>The name of the side array.</summary>
    public const string Name = "codebook";

    /// <summary>Most bits of a code: panels hold the tables of all their rows.</summary>
    private const int MaxBits = 6;

    private const int RowExtent = -1;
    private const int TensorExtent = -2;

    /// <summary>The quantity, or none and a diagnostic.</summary>
    public static ParameterSpec? Read(DeclaredLearned learned, Declaration declaration, DiagnosticBag diagnostics)
    {
        StoredType? type = EnumTables.Scalar(learned.Type, learned.Location, diagnostics);
        if (type is null || declaration.Codes is not { } codes)
        {
            return null;
        }

        DeclaredElement element = declaration.Element;
        string? fault =
            type.Class is not (StoredClass.Float32 or StoredClass.Float16 or StoredClass.BFloat16) ? "Its numbers are floats: give Float32, Float16 or BFloat16"
            : learned.Per is not (RowExtent or TensorExtent or StructureRules.ColumnExtent) ? "A table per " + learned.Per.ToString(CultureInfo.InvariantCulture) + " is not supported; give Extent.Row, Extent.Column or Extent.Tensor"
            : learned is { Per: StructureRules.ColumnExtent, PerOutputs: not 1 } ? "A table per input is that of all outputs; give Per = Extent.Row with PerOutputs"
            : element is not { Codebook: null, File: null, Minifloat: null } ? "The codes have another table; remove one of them"
            : element is not { Vector: null, Signs: null, Digits.Count: 0 } ? "Its codes are those of single inputs; remove [Vector], [Signs] and [Digits]"
            : codes.Kind != (int)CodeNumber.Unsigned || codes.Offset != 0 ? "Its codes are unsigned and have no offset"
            : codes.Bits is < 1 or > MaxBits ? "A table for codes of " + codes.Bits.ToString(CultureInfo.InvariantCulture) + " bits is not supported; give 1 to " + MaxBits.ToString(CultureInfo.InvariantCulture)
            : null;
        if (fault is not null)
        {
            diagnostics.Add(Rules.LearnedUnsupported, learned.Location, fault);
            return null;
        }

        ParameterExtent extent = learned.Per switch
        {
            RowExtent => ParameterExtent.Row,
            TensorExtent => ParameterExtent.Tensor,
            _ => ParameterExtent.Column,
        };
        return new ParameterSpec(ParameterRole.Codebook, Name, type, extent, 0, 1, 0, Negative: false)
        {
            Count = 1 << codes.Bits,
            Outputs = OutputRules.Read(learned.PerOutputs, learned.Per, learned.Location, diagnostics),
        };
    }
}
