using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Writes the part of the declaring type that makes it a structured format: the tree of nodes that the runtime loads and runs. The
/// kernels are those of its cells; the tree names them, so that nothing is looked up at run time.
/// </summary>
internal static class StructureFile
{
    public static SourceFile Write(StructureSpec spec)
    {
        var code = new CodeWriter();
        FileHeader.Write(code, $"{spec.Type.Name}: {StructureDrawing.Formula(spec)}");
        string reference = EmittedNames.Reference(spec.Type);
        using (PartialType.Open(code, spec.Type, Lines(spec), $"global::KernelGen.IStructuredFormat<{reference}>"))
        {
            code.Doc("<summary>What the format is made of, and the kernels of its cells.</summary>");
            code.Line($"public static global::KernelGen.StructureDescriptor Structure => global::{EmittedNames.Namespace}.{EmittedNames.Structure(spec.Type)}.Structure;");
        }

        code.Line();
        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            if (spec.Columns.Count > 0)
            {
                code.Line("using System;");
                code.Line();
            }

            code.Doc($"<summary>The structure of {PartialType.Escape(spec.Type.Name)}.</summary>");
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            using (code.Block($"internal static class {EmittedNames.Structure(spec.Type)}"))
            {
                Descriptor(code, spec);
            }
        }

        return new SourceFile(HintNames.Of(spec.Type) + ".Structure.g.cs", code.ToString());
    }

    private static IReadOnlyList<string> Lines(StructureSpec spec) => [StructureDrawing.Formula(spec), .. StructureDrawing.Lines(spec)];

    private static void Descriptor(CodeWriter code, StructureSpec spec)
    {
        using (code.Block("internal static readonly global::KernelGen.StructureDescriptor Structure = new global::KernelGen.StructureDescriptor", "};"))
        {
            code.Line($"Name = {PartialType.Literal(spec.Type.Name)},");
            code.Line($"FullName = {PartialType.Literal(HintNames.Of(spec.Type))},");
            code.Line($"Description = {PartialType.Literal(string.Join("\n", Lines(spec)))},");
            code.Line($"Weight = {Weight(spec)},");
            code.Line($"PostNorm = {(spec.PostNorm is { } epsilon ? Number(epsilon) : "null")},");
        }
    }

    /// <summary>The tree, from the cell or the parts outward.</summary>
    private static string Weight(StructureSpec spec)
    {
        string node = spec.Cell is not null
            ? $"new global::KernelGen.CellNode({EmittedNames.Stem(spec.Type)}.Descriptor{string.Concat(Shared(spec.Cell).Select(static shared => ", " + shared))})"
            : $"new global::KernelGen.{(spec.IsSum ? "TermsNode" : "PartitionNode")}(new global::KernelGen.WeightNode[] {{ {string.Join(", ", spec.Parts.Select(Part))} }})";
        if (spec.Columns.Count > 0)
        {
            node = $"new global::KernelGen.ColumnNode({node}, {Column(spec, ParameterRole.Scale)}, {Column(spec, ParameterRole.Min)}, {Column(spec, ParameterRole.Zero)})";
        }

        node = spec.Outer is { } outer ? $"new global::KernelGen.OuterNode({node}, {Vector(outer.Row)}, {Vector(outer.Column)})" : node;
        return spec.Gather is { } order ? $"new global::KernelGen.GatherNode({node}, global::KernelGen.ScalarType.UInt{order.Bits})" : node;
    }

    private static string Part(PartSpec part) => part.IsStructure
        ? $"{EmittedNames.Reference(part.Type)}.Structure.Weight"
        : $"new global::KernelGen.CellNode({EmittedNames.Reference(part.Type)}.Descriptor)";

    /// <summary>The cell's parameters that several outputs or several blocks share.</summary>
    private static IEnumerable<string> Shared(FormatSpec cell)
    {
        for (int i = 0; i < cell.Parameters.Count; i++)
        {
            if (cell.Parameters[i] is { IsShared: true } shared)
            {
                (int at, int bytes) = shared.IsSide ? (0, 0) : OutputRules.FieldOf(cell, i)!.Value;
                string run = shared.Blocks == 1 ? string.Empty : $" {{ Blocks = {shared.Blocks}{(shared.IsFlat ? ", IsFlat = true" : string.Empty)} }}";
                yield return $"new global::KernelGen.SharedParameter({PartialType.Literal(shared.Name)}, {Scalar(shared.Type)}, {shared.Outputs}, {at}, {bytes}){run}";
            }
        }
    }

    private static string Column(StructureSpec spec, ParameterRole role) =>
        spec.Columns.FirstOrDefault(column => column.Role == role) is { } column
            ? $"new global::KernelGen.ColumnParameter({PartialType.Literal(column.Name)}, {Scalar(column.Type)}, {Single(column.Multiply)}, {Single(column.Add)}, {(column.Negative ? "true" : "false")}, {column.Outputs})"
            : "null";

    private static string Vector(StoredType? type) => type is null ? "null" : Scalar(type);

    private static string Scalar(StoredType type) => FormatFile.ScalarTypeName(type);

    private static string Single(float value) => FloatLiteral.Of(FloatBits.FromSingle(value));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
