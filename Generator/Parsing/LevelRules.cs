using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks which levels of a role are added to the others, and which entries cover several blocks.</summary>
internal static class LevelRules
{
    /// <summary>Whether an entry of a parameter covers several blocks of this many inputs.</summary>
    public static bool IsRun(int per, int blockInputs) => blockInputs is >= 1 and <= LayoutBuilder.MaxBlockInputs && per > blockInputs;

    /// <summary>The blocks an entry covers, or none and a diagnostic.</summary>
    public static int? Blocks(DeclaredParameter parameter, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        if (!IsRun(parameter.Per, block.Inputs))
        {
            CheckNotFlat(parameter, diagnostics);
            return 1;
        }

        if (parameter.Per % block.Inputs != 0)
        {
            diagnostics.Add(
                Rules.ParameterExtent,
                parameter.Location,
                parameter.Per,
                "it is no multiple of the block's " + block.Inputs.ToString(CultureInfo.InvariantCulture) + " inputs");
            return null;
        }

        if (parameter.Scalar is not null)
        {
            diagnostics.Add(Rules.ParameterExtent, parameter.Location, parameter.Per, "an entry for several blocks is stored apart from them, which a scalar type of one's own is not; give a ScalarType");
            return null;
        }

        if (parameter is { Flat: true, PerOutputs: not 1 })
        {
            diagnostics.Add(Rules.LevelUnsupported, parameter.Location, "Flat", "an entry runs on through the rows, so no rectangle of outputs shares it; remove PerOutputs");
        }

        return parameter.Per / block.Inputs;
    }

    /// <summary>Checks that a parameter whose entries do not cover blocks does not count them.</summary>
    public static void CheckNotFlat(DeclaredParameter parameter, DiagnosticBag diagnostics)
    {
        if (parameter.Flat)
        {
            diagnostics.Add(Rules.LevelUnsupported, parameter.Location, "Flat", "it counts the blocks that share an entry; give a Per that is a multiple of the block");
        }
    }

    /// <summary>Checks that what is added is added to something.</summary>
    public static void CheckAdded(DeclaredParameter parameter, IReadOnlyList<DeclaredParameter> declared, DiagnosticBag diagnostics)
    {
        bool isAlone = !declared.Any(other => other.Role == parameter.Role && !other.Added);
        if (parameter.Added && (isAlone || StructureRules.IsColumn(parameter)))
        {
            diagnostics.Add(
                Rules.LevelUnsupported,
                parameter.Location,
                "Added",
                isAlone ? "the role has no other level that it could be added to" : "a parameter per input is the only level of its role");
        }
    }
}
