using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Emission;

/// <summary>What is generated for what.</summary>
internal static class SourceEmitter
{
    /// <summary>The files of one format. Every hint name starts with <see cref="HintNames.Of"/>.</summary>
    public static EquatableArray<SourceFile> ForFormat(FormatSpec spec, EquatableArray<string> targets)
    {
        List<Target> chosen = Chosen(targets);
        return KernelFile.Write(spec, chosen)
            .Prepend(FormatFile.Write(Plan(spec, chosen[0]), chosen.Select(t => t.Name).ToList()))
            .ToEquatableArray();
    }

    /// <summary>The tile shapes a format needs, per target.</summary>
    public static EquatableArray<TileKey> TileKeys(FormatSpec spec, EquatableArray<string> targets)
    {
        List<Target> chosen = Chosen(targets);
        return chosen
            .Select(target => (Plan: Plan(spec, target), Target: target))
            .Where(static item => item.Plan.HasInt8)
            .Select(item => (Shape: TileShape.Of(item.Plan, item.Target.RebasesSigned), item.Target))
            .Select(item => new TileKey(item.Shape, Int8TileKernels.Owner(item.Shape, item.Target, chosen).Name))
            .Distinct()
            .ToEquatableArray();
    }

    /// <summary>The micro-kernels of one tile shape.</summary>
    public static SourceFile ForTile(TileKey key) => Int8TileKernels.Write(key.Shape, TargetCatalogue.All.Single(t => t.Name == key.Target));

    /// <summary>The files every assembly with a format needs once.</summary>
    public static EquatableArray<SourceFile> ForSupport(EquatableArray<string> targets) =>
        SupportFiles.Write(Chosen(targets)).ToEquatableArray();

    /// <summary>The list of all formats of the assembly.</summary>
    public static SourceFile ForCatalogue(EquatableArray<CatalogueEntry> all)
    {
        var code = new CodeWriter();
        FileHeader.Write(code, "All formats declared in this assembly.");
        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            code.Doc("<summary>All formats declared in this assembly, in the order of their names.</summary>");
            code.Line(SharedTypes.Attribute);
            code.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"KernelGen\", \"" + GeneratorVersion.Text + "\")]");
            using (code.Block("internal static class FormatCatalogue"))
            {
                code.Doc("<summary>The formats of one cell.</summary>");
                List(code, "All", "FormatDescriptor", all.Where(entry => !entry.IsStructure).Select(entry => $"{EmittedNames.Stem(entry.Type)}.Descriptor"));
                code.Line();
                code.Doc("<summary>The structured formats.</summary>");
                List(code, "Structures", "StructureDescriptor", all.Where(entry => entry.IsStructure).Select(entry => $"{EmittedNames.Structure(entry.Type)}.Structure"));
            }
        }

        return new SourceFile("KernelGen.FormatCatalogue.g.cs", code.ToString());
    }

    private static void List(CodeWriter code, string name, string type, IEnumerable<string> items)
    {
        using (code.Block($"internal static global::System.Collections.Generic.IReadOnlyList<global::KernelGen.{type}> {name} {{ get; }} = new global::KernelGen.{type}[]", "};"))
        {
            foreach (string item in items)
            {
                code.Line(item + ",");
            }
        }
    }

    private static FormatPlan Plan(FormatSpec spec, Target target) => FormatPlanner.Plan(spec, target.PanelRows);

    /// <summary>The chosen targets in their order; the scalar one is always there: it holds what no target does better.</summary>
    private static List<Target> Chosen(EquatableArray<string> targets) =>
        TargetCatalogue.All.Where(t => t.Name == "Scalar" || targets.Contains(t.Name)).ToList();
}

/// <summary>One file of micro-kernels.</summary>
/// <param name="Shape">The tile shape.</param>
/// <param name="Target">The target's name.</param>
internal sealed record TileKey(TileShape Shape, string Target);
