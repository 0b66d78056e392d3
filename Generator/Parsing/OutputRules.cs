using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks which parameters several outputs can share, and finds what of a block is then stored apart.</summary>
internal static class OutputRules
{
    private const int SlabExtent = -4;
    private const int RowExtent = -1;
    private const int TensorExtent = -2;

    /// <summary>Whether several outputs or several blocks of this many inputs share an entry of a parameter.</summary>
    public static bool IsShared(DeclaredAttribute attribute, int blockInputs) =>
        attribute is DeclaredParameter parameter && (parameter.PerOutputs != 1 || LevelRules.IsRun(parameter.Per, blockInputs));

    /// <summary>The outputs that share an entry, 0 for slabs; 1 and a diagnostic where that is not possible.</summary>
    public static int Read(DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        string? fault = parameter.PerOutputs switch
        {
            1 => null,
            _ when parameter.Scalar is not null => "a scalar type of one's own is not supported with it; give a ScalarType",
            _ when parameter.Per == TensorExtent => "one entry covers all outputs already",
            SlabExtent when parameter.Per != RowExtent => "slabs of outputs are parameters per row; give Per = Extent.Row",
            < 1 and not SlabExtent => "it is neither a number of outputs nor Extent.Slab",
            _ => null,
        };
        if (fault is null)
        {
            return parameter.PerOutputs == SlabExtent ? 0 : parameter.PerOutputs;
        }

        diagnostics.Add(Rules.OutputsUnsupported, parameter.Location, parameter.PerOutputs.ToString(CultureInfo.InvariantCulture), fault);
        return 1;
    }

    /// <summary>Checks that what is stored apart from its block is a field of whole bytes.</summary>
    public static void CheckFields(IEnumerable<DeclaredAttribute> fields, FormatSpec cell, DiagnosticBag diagnostics)
    {
        foreach (DeclaredParameter parameter in fields.OfType<DeclaredParameter>().Where(field => IsShared(field, cell.Block.Inputs)))
        {
            bool isMisplaced = Enumerable.Range(0, cell.Parameters.Count)
                .Any(i => cell.Parameters[i] is { IsShared: true, IsSide: false } own && own.Role == parameter.Role && FieldOf(cell, i) is null);
            if (isMisplaced)
            {
                bool isRun = parameter.PerOutputs == 1;
                diagnostics.Add(
                    isRun ? Rules.ParameterExtent : Rules.OutputsUnsupported,
                    parameter.Location,
                    isRun ? parameter.Per : parameter.PerOutputs.ToString(CultureInfo.InvariantCulture),
                    "what leaves the block must be a field of whole bytes; place it by its attribute, not by slices, and give it as many entries as fill bytes");
                return;
            }
        }
    }

    /// <summary>The bytes of the block a parameter fills, entry after entry, or none.</summary>
    public static (int At, int Bytes)? FieldOf(FormatSpec cell, int parameter)
    {
        ParameterSpec spec = cell.Parameters[parameter];
        int entries = cell.Block.Inputs / spec.Inputs;
        int bits = entries * spec.Type.Bits;
        int at = int.MaxValue;
        HashSet<(int Entry, int Bit, int Place)> places = [];
        foreach (SliceSpec slice in cell.Slices.Where(slice => slice.Quantity == parameter))
        {
            for (int entry = slice.First; entry < slice.First + slice.Count; entry++)
            {
                for (int bit = 0; bit < slice.Bits; bit++)
                {
                    places.Add((entry, slice.FromBit + bit, slice.BitOf(entry) + bit));
                    at = System.Math.Min(at, slice.BitOf(entry) + bit);
                }
            }
        }

        return at % 8 == 0 && bits % 8 == 0 && places.Count == bits && places.All(place => place.Place == at + (place.Entry * spec.Type.Bits) + place.Bit)
            ? (at / 8, bits / 8)
            : null;
    }
}
