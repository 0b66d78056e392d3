using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks which parameters several outputs can share, and finds what of a block is then stored apart.</summary>
internal static class OutputRules
{
    /// <summary>In place of a number of outputs: runs of rows of any length.</summary>
    public const int Runs = -1;

    private const int SlabExtent = -4;
    private const int RunsExtent = -5;
    private const int RowExtent = -1;
    private const int TensorExtent = -2;

    /// <summary>Whether several outputs or several blocks of this many inputs share an entry.</summary>
    public static bool IsShared(DeclaredAttribute attribute, int blockInputs) => attribute is DeclaredLearned { PerOutputs: not 1 }
        || (attribute is DeclaredParameter parameter && (parameter.PerOutputs != 1 || LevelRules.IsRun(parameter.Per, blockInputs)));

    /// <summary>The outputs that share an entry, 0 for slabs, <see cref="Runs"/> for runs of rows; 1 and a diagnostic where that is not possible.</summary>
    public static int Read(DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        if (parameter is not { PerOutputs: not 1, Scalar: not null })
        {
            return Read(parameter.PerOutputs, parameter.Per, parameter.Location, diagnostics);
        }

        Refuse(parameter.PerOutputs, parameter.Location, "a scalar type of one's own is not supported with it; give a ScalarType", diagnostics);
        return 1;
    }

    /// <summary>As above, of anything that is stored for every so many outputs.</summary>
    public static int Read(int outputs, int per, LocationInfo location, DiagnosticBag diagnostics)
    {
        string? fault = outputs switch
        {
            1 => null,
            _ when per == TensorExtent => "one entry covers all outputs already",
            SlabExtent when per != RowExtent => "slabs of outputs are parameters per row; give Per = Extent.Row",
            RunsExtent when per != RowExtent => "runs of rows are parameters per row; give Per = Extent.Row",
            < 1 and not (SlabExtent or RunsExtent) => "it is neither a number of outputs nor Extent.Slab nor Extent.Runs",
            _ => null,
        };
        if (fault is null)
        {
            return outputs switch { SlabExtent => 0, RunsExtent => Runs, _ => outputs };
        }

        Refuse(outputs, location, fault, diagnostics);
        return 1;
    }

    private static void Refuse(int outputs, LocationInfo location, string fault, DiagnosticBag diagnostics) =>
        diagnostics.Add(Rules.OutputsUnsupported, location, outputs.ToString(CultureInfo.InvariantCulture), fault);

    /// <summary>Checks that rows are divided in one way, and that what is stored apart from its block is a field of whole bytes.</summary>
    public static void CheckFields(IEnumerable<DeclaredAttribute> fields, FormatSpec cell, DiagnosticBag diagnostics)
    {
        if (cell.Parameters.Any(static parameter => parameter.Outputs == 0) && cell.Parameters.Any(static parameter => parameter.Outputs == Runs))
        {
            DeclaredAttribute last = fields.Last(field => IsShared(field, cell.Block.Inputs));
            Refuse(last is DeclaredLearned learned ? learned.PerOutputs : ((DeclaredParameter)last).PerOutputs, last.Location, "slabs and runs of rows are two divisions of the same rows; give one of them", diagnostics);
            return;
        }

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
