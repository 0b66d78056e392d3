using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks what stands around a cell or a composition: outer products, column parameters, norms, the partition's shape.</summary>
internal static class StructureRules
{
    /// <summary>The extent of a parameter per input, and of a partition into columns.</summary>
    public const int ColumnExtent = -3;

    /// <summary>KernelGen.Axis.Outputs.</summary>
    private const int OutputsAxis = 1;

    /// <summary>Most parts of a partition.</summary>
    public const int MaxParts = 256;

    /// <summary>Names of tensors that no parameter may have.</summary>
    private static readonly string[] TensorNames = ["blocks", "row", "column", "mask", "parts", "terms", "order", "runs"];

    /// <summary>Whether an attribute makes more of a type, whose block has this many inputs, than a cell.</summary>
    public static bool IsStructural(DeclaredAttribute attribute, int blockInputs) =>
        attribute is DeclaredOuter or DeclaredPostNorm or DeclaredGather or DeclaredPartition or DeclaredTerms
        || IsColumn(attribute) || IsInputTable(attribute) || OutputRules.IsShared(attribute, blockInputs);

    /// <summary>Whether an attribute is a parameter per input.</summary>
    public static bool IsColumn(DeclaredAttribute attribute) => attribute is DeclaredParameter { Per: ColumnExtent };

    /// <summary>Whether an attribute is a table per input, which the cell's kernels read.</summary>
    private static bool IsInputTable(DeclaredAttribute attribute) => attribute is DeclaredLearned { Per: ColumnExtent };

    /// <summary>The outer product, or none; a diagnostic where it means nothing.</summary>
    public static OuterSpec? ReadOuter(DeclaredOuter? outer, DiagnosticBag diagnostics)
    {
        if (outer is null)
        {
            return null;
        }

        if (outer.Row is null && outer.Column is null)
        {
            diagnostics.Add(Rules.OuterEmpty, outer.Location);
        }

        return new OuterSpec(ReadVector(outer.Row, "Row", outer.Location, diagnostics), ReadVector(outer.Column, "Column", outer.Location, diagnostics));
    }

    /// <summary>The norm's epsilon, or none; a diagnostic where it is no positive number.</summary>
    public static double? ReadPostNorm(DeclaredPostNorm? norm, DiagnosticBag diagnostics)
    {
        if (norm is not null && !(norm.Epsilon > 0 && norm.Epsilon <= float.MaxValue))
        {
            diagnostics.Add(Rules.PostNormEpsilon, norm.Location, norm.Epsilon);
        }

        return norm?.Epsilon;
    }

    /// <summary>The stored type of the order of the rows, or none; a diagnostic where it is no order of outputs, or a group of outputs has no place in it.</summary>
    public static StoredType? ReadGather(DeclaredGather? gather, IEnumerable<DeclaredParameter> parameters, DiagnosticBag diagnostics)
    {
        if (gather is null)
        {
            return null;
        }

        StoredType? type = EnumTables.Index(gather.Type);
        string? fault = gather.Axis != OutputsAxis ? "Only rows can be stored in another order; give Axis.Outputs"
            : type is null ? "Its indices are UInt16 or UInt32"
            : parameters.Any(static parameter => parameter is { Per: ColumnExtent, PerOutputs: not 1 }) ? "Parameters per input and group of outputs are applied around the rows, in the order of the outputs; remove one of the two"
            : null;
        if (fault is not null)
        {
            diagnostics.Add(Rules.GatherUnsupported, gather.Location, fault);
        }

        return type;
    }

    /// <summary>The parameters per input, and whether the cell's other parameters leave them a meaning that products keep.</summary>
    public static List<ParameterSpec> ReadColumns(IReadOnlyList<DeclaredParameter> declared, DiagnosticBag diagnostics)
    {
        List<ParameterSpec> columns = [];
        foreach (DeclaredParameter parameter in declared)
        {
            string name = ColumnName(parameter);
            if (TensorNames.Contains(name))
            {
                diagnostics.Add(Rules.ParameterName, parameter.Location, name, "a tensor of the structure is called so");
            }

            if (parameter.Per != ColumnExtent)
            {
                continue;
            }

            StoredType? type = parameter.Scalar is null ? EnumTables.Scalar(parameter.Type, parameter.Location, diagnostics) : null;
            LevelRules.CheckAdded(parameter, declared, diagnostics);
            LevelRules.CheckNotFlat(parameter, diagnostics);
            if (parameter.IsComputed)
            {
                diagnostics.Add(Rules.ParameterComputed, parameter.Location, parameter.Exponential ? "Exponential" : "Wrap", "a parameter per input has an affine transform only");
            }
            else if (Contradiction(parameter, declared) is { } reason)
            {
                diagnostics.Add(Rules.ColumnParameter, parameter.Location, reason);
            }
            else if (type is not null && ParameterRules.CheckTransform(parameter, type, EquatableArray<int>.Empty, diagnostics))
            {
                columns.Add(new ParameterSpec(
                    parameter.Role, name, type, ParameterExtent.Column, 0, (float)parameter.Multiply, (float)parameter.Add, parameter.Sign < 0)
                {
                    Outputs = OutputRules.Read(parameter, diagnostics),
                });
            }
        }

        if (columns.Select(static column => column.Outputs).Distinct().Count() > 1)
        {
            DeclaredParameter last = declared.Last(static parameter => parameter.Per == ColumnExtent);
            diagnostics.Add(
                Rules.OutputsUnsupported,
                last.Location,
                last.PerOutputs.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "another parameter per input is shared by another number of outputs; give them one");
        }

        return columns;
    }

    /// <summary>Checks that no parameter per input has the name of another parameter.</summary>
    public static void CheckNames(IEnumerable<DeclaredParameter> columns, FormatSpec cell, DiagnosticBag diagnostics)
    {
        HashSet<string> names = [.. cell.Parameters.Select(static parameter => parameter.Name)];
        foreach (DeclaredParameter column in columns.Where(column => !names.Add(ColumnName(column))))
        {
            diagnostics.Add(Rules.ParameterNameTwice, column.Location, ColumnName(column));
        }
    }

    /// <summary>Checks a partition's extent and the number of its parts.</summary>
    public static void CheckPartition(DeclaredPartition partition, DiagnosticBag diagnostics)
    {
        if (partition.Extent != ColumnExtent)
        {
            diagnostics.Add(Rules.PartitionExtent, partition.Location, partition.Extent);
        }

        if (partition.Parts is < 2 or > MaxParts)
        {
            diagnostics.Add(Rules.PartitionParts, partition.Location, partition.Parts, MaxParts);
        }
    }

    /// <summary>Checks the number of a sum's terms.</summary>
    public static void CheckTerms(DeclaredTerms terms, DiagnosticBag diagnostics)
    {
        if (terms.Count < 1 || (long)terms.Types * terms.Count is < 2 or > MaxParts)
        {
            diagnostics.Add(Rules.TermCount, terms.Location, terms.Types, terms.Count, MaxParts);
        }
    }

    // Of a cell's own parameter it is the name that was given, if one was: default names are none of a tensor's.
    private static string ColumnName(DeclaredParameter parameter) => parameter.Name
        ?? (parameter.Role == ParameterRole.Min ? "min" : parameter.Role == ParameterRole.Zero ? "zero" : "scale");

    private static StoredType? ReadVector(int? type, string name, LocationInfo at, DiagnosticBag diagnostics)
    {
        StoredType? stored = type is { } value ? EnumTables.Scalar(value, at, diagnostics) : null;
        if (stored is not null && stored.Class is not (StoredClass.Float32 or StoredClass.Float16 or StoredClass.BFloat16))
        {
            diagnostics.Add(Rules.OuterType, at, name);
        }

        return stored;
    }

    // What a product takes out of the kernels must be all there is of its role: the kernels cannot apply a column's number in the
    // middle of a formula.
    private static string? Contradiction(DeclaredParameter column, IReadOnlyList<DeclaredParameter> all)
    {
        bool Has(ParameterRole role) => all.Any(other => other != column && other.Role == role);
        return column.Role switch
        {
            _ when column.Scalar is not null => "a scalar type of one's own is not supported per input; give a ScalarType",
            ParameterRole.Zero when Has(ParameterRole.Zero) => "the format has another zero point; zero points of several levels are multiplied, which is not supported per input",
            ParameterRole.Zero when all.Any(static other => other.Role != ParameterRole.Zero && other.Per != ColumnExtent) =>
                "the zero point per input is subtracted before anything else; give the scale and the minimum Per = Extent.Column too",
            ParameterRole.Scale when Has(ParameterRole.Scale) =>
                "the format has another scale; of several levels the one per input is [Outer(Column = …)], which multiplies the decoded weight",
            ParameterRole.Scale when all.Any(static other => other.Role == ParameterRole.Min && other.Per != ColumnExtent) =>
                "the scale per input would have to leave the other minimum alone; give the minimum Per = Extent.Column too, or use [Outer(Column = …)], which multiplies both",
            ParameterRole.Min when Has(ParameterRole.Min) => "the format has another minimum; minima of several levels are multiplied, which is not supported per input",
            _ => null,
        };
    }
}
