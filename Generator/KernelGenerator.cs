using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace KernelGen.Generator;

/// <summary>The pipeline from declared formats to their kernels.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    private const string TargetsProperty = "build_property.KernelGenTargets";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ReadResult> read = context.SyntaxProvider
            .ForAttributeWithMetadataName(Metadata(AttributeReader.BlockName), IsType, FormatParser.Read);
        IncrementalValuesProvider<ParseResult> declarations = read
            .Combine(CodebookFiles(context, read))
            .Select(static (pair, _) => (pair.Left, pair.Right.FirstOrDefault(file => file.Name == FileName(pair.Left))))
            .WithTrackingName(StepNames.Files)
            .Select(static (pair, _) => FormatParser.Build(pair.Left, pair.Item2))
            .WithTrackingName(StepNames.Declarations);

        IncrementalValuesProvider<ParseResult> compositions = Compositions(context, AttributeReader.PartitionName).Collect()
            .Combine(Compositions(context, AttributeReader.TermsName).Collect())
            .SelectMany(static (pair, _) => pair.Left.AddRange(pair.Right))
            .WithTrackingName(StepNames.Compositions);

        // Diagnostics end here: one that only moves re-emits nothing.
        ReportDiagnostics(context, declarations);
        ReportDiagnostics(context, compositions);
        foreach (string name in AttributeReader.FieldNames.Add(AttributeReader.OuterName).Add(AttributeReader.PostNormName).Add(AttributeReader.GatherName))
        {
            ReportDiagnostics(context, context.SyntaxProvider.ForAttributeWithMetadataName(Metadata(name), IsType, FormatParser.ParseStray));
        }

        IncrementalValuesProvider<FormatSpec> specs = declarations
            .Where(static result => result.Spec is not null)
            .Select(static (result, _) => result.Spec!)
            .WithTrackingName(StepNames.Specs);
        IncrementalValuesProvider<StructureSpec> cellStructures = Structures(declarations);
        IncrementalValuesProvider<StructureSpec> composed = Structures(compositions);
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> entries = Entries(specs, cellStructures, composed);

        IncrementalValueProvider<ConsumerSettings> settings = context.CompilationProvider
            .Select(static (compilation, _) => ConsumerCompilation.Read(compilation))
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
                options.GlobalOptions.TryGetValue(TargetsProperty, out string? targets) ? targets : null))
            .Select(static (pair, _) => ConsumerSettings.From(pair.Left, pair.Right))
            .WithTrackingName(StepNames.Settings);
        ReportSettings(context, declarations, compositions, settings);

        // No targets, no kernels: the project could not compile them.
        IncrementalValueProvider<EquatableArray<string>> targets = settings.Select(static (value, _) =>
            value.CanEmit ? value.Targets : EquatableArray<string>.Empty);
        IncrementalValueProvider<EquatableArray<string>> clashes = Clashes(specs, composed);
        EmitFormats(context, specs, targets, clashes);
        EmitStructures(context, cellStructures, targets, clashes);
        EmitStructures(context, composed, targets, clashes);
        EmitTiles(context, specs, targets);
        EmitShared(context, entries, targets);
        EmitStandIns(context, entries, settings.Select(static (value, _) => !value.CanEmit && value.CanDeclare));
    }

    private static IncrementalValuesProvider<ParseResult> Compositions(IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider.ForAttributeWithMetadataName(Metadata(attribute), IsType, CompositionParser.Parse);

    private static IncrementalValuesProvider<StructureSpec> Structures(IncrementalValuesProvider<ParseResult> results) => results
        .Where(static result => result.Structure is not null)
        .Select(static (result, _) => result.Structure!)
        .WithTrackingName(StepNames.Structures);

    /// <summary>What the catalogue lists: a cell that is part of a structure stands there as the structure only.</summary>
    private static IncrementalValueProvider<EquatableArray<CatalogueEntry>> Entries(
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValuesProvider<StructureSpec> cellStructures,
        IncrementalValuesProvider<StructureSpec> composed)
    {
        static IncrementalValueProvider<ImmutableArray<CatalogueEntry>> Of(IncrementalValuesProvider<StructureSpec> structures) =>
            structures.Select(static (spec, _) => new CatalogueEntry(spec.Type, IsStructure: true)).Collect();

        return specs
            .Where(static spec => !spec.IsCore)
            .Select(static (spec, _) => new CatalogueEntry(spec.Type, IsStructure: false))
            .Collect()
            .Combine(Of(cellStructures))
            .Combine(Of(composed))
            .Select(static (all, _) => all.Left.Left
                .Concat(all.Left.Right)
                .Concat(all.Right)
                .OrderBy(static entry => HintNames.Of(entry.Type), StringComparer.Ordinal)
                .ToEquatableArray());
    }

    /// <summary>Hint names ignore case; of all formats only the few names that clash are passed on, as a rule none.</summary>
    private static IncrementalValueProvider<EquatableArray<string>> Clashes(
        IncrementalValuesProvider<FormatSpec> specs, IncrementalValuesProvider<StructureSpec> composed) => specs
        .Select(static (spec, _) => HintNames.Of(spec.Type))
        .Collect()
        .Combine(composed.Select(static (spec, _) => HintNames.Of(spec.Type)).Collect())
        .Select(static (names, _) => names.Left
            .Concat(names.Right)
            .GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
            .Where(static group => group.Count() > 1)
            .SelectMany(static group => group)
            .OrderBy(static name => name, StringComparer.Ordinal)
            .ToEquatableArray());

    /// <summary>The codebook files that declarations name; no other file of the project is read.</summary>
    private static IncrementalValueProvider<EquatableArray<CodebookFile>> CodebookFiles(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ReadResult> read)
    {
        IncrementalValueProvider<EquatableArray<string>> wanted = read
            .Select(static (result, _) => FileName(result))
            .Where(static name => name is not null)
            .Select(static (name, _) => name!)
            .Collect()
            .Select(static (names, _) => names.Distinct().OrderBy(static name => name, StringComparer.Ordinal).ToEquatableArray());
        return context.AdditionalTextsProvider
            .Combine(wanted)
            .Where(static pair => pair.Right.Contains(Path.GetFileName(pair.Left.Path)))
            .Select(static (pair, cancellation) => CodebookFile.Parse(Path.GetFileName(pair.Left.Path), pair.Left.GetText(cancellation)?.ToString()))
            .Collect()
            .Select(static (files, _) => files
                .GroupBy(static file => file.Name, StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => group.Count() == 1 ? group.First() : CodebookFile.Ambiguous(group.Key))
                .ToEquatableArray());
    }

    private static string? FileName(ReadResult result) => result.Declaration?.Element.File?.Name;

    private static string Metadata(string name) => AttributeReader.Namespace + "." + name;

    private static bool IsType(SyntaxNode node, System.Threading.CancellationToken cancellation) => node is BaseTypeDeclarationSyntax;

    private static void ReportDiagnostics(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> results) =>
        context.RegisterSourceOutput(
            results
                .Where(static result => result.Diagnostics.Count != 0)
                .Select(static (result, _) => result.Diagnostics)
                .WithTrackingName(StepNames.Diagnostics),
            Report);

    private static void ReportSettings(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParseResult> declarations,
        IncrementalValuesProvider<ParseResult> compositions,
        IncrementalValueProvider<ConsumerSettings> settings)
    {
        IncrementalValueProvider<bool> any = declarations.Collect()
            .Combine(compositions.Collect())
            .Select(static (results, _) => results.Left.Length + results.Right.Length != 0);
        context.RegisterSourceOutput(
            settings.Combine(any).Select(static (pair, _) => pair.Right ? pair.Left.Diagnostics : EquatableArray<DiagnosticInfo>.Empty),
            Report);
    }

    private static void EmitFormats(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValueProvider<EquatableArray<string>> targets,
        IncrementalValueProvider<EquatableArray<string>> clashes)
    {
        IncrementalValuesProvider<(TypeSpec Type, EquatableArray<SourceFile> Files)> sources = specs
            .Combine(targets)
            .Select(static (pair, _) => (pair.Left.Type, pair.Right.Count == 0
                ? EquatableArray<SourceFile>.Empty
                : SourceEmitter.ForFormat(pair.Left, pair.Right)))
            .WithTrackingName(StepNames.Sources);
        AddNamed(context, sources, clashes);
    }

    private static void EmitStructures(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<StructureSpec> structures,
        IncrementalValueProvider<EquatableArray<string>> targets,
        IncrementalValueProvider<EquatableArray<string>> clashes)
    {
        // The targets' names do not matter, only whether there are any.
        IncrementalValuesProvider<(TypeSpec Type, EquatableArray<SourceFile> Files)> sources = structures
            .Combine(targets.Select(static (names, _) => names.Count != 0))
            .Select(static (pair, _) => (pair.Left.Type, pair.Right
                ? new EquatableArray<SourceFile>([StructureFile.Write(pair.Left)])
                : EquatableArray<SourceFile>.Empty))
            .WithTrackingName(StepNames.StructureSources);
        AddNamed(context, sources, clashes);
    }

    /// <summary>Adds the files of a type, under names that no other type's have.</summary>
    private static void AddNamed(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<(TypeSpec Type, EquatableArray<SourceFile> Files)> sources,
        IncrementalValueProvider<EquatableArray<string>> clashes) =>
        context.RegisterSourceOutput(sources.Combine(clashes), static (output, pair) =>
        {
            string name = HintNames.Of(pair.Left.Type);
            int clashes = pair.Right.Count(clash => clash == name);
            if (clashes > 1)
            {
                // Two types of one name, which the compiler rejects.
                return;
            }

            string mark = clashes == 1 ? HintNames.CaseMark(name) : string.Empty;
            foreach (SourceFile file in pair.Left.Files)
            {
                Add(output, file with { HintName = file.HintName.Insert(name.Length, mark) });
            }
        });

    private static void EmitTiles(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValueProvider<EquatableArray<string>> targets)
    {
        IncrementalValuesProvider<SourceFile> tiles = specs
            .Combine(targets)
            .Select(static (pair, _) => pair.Right.Count == 0
                ? EquatableArray<TileKey>.Empty
                : SourceEmitter.TileKeys(pair.Left, pair.Right))
            .Collect()
            .Select(static (keys, _) => keys
                .SelectMany(static key => key)
                .Distinct()
                .OrderBy(static key => key.Target, StringComparer.Ordinal)
                .ThenBy(static key => key.Shape.Name, StringComparer.Ordinal)
                .ToEquatableArray())
            .SelectMany(static (keys, _) => keys)
            .Select(static (key, _) => SourceEmitter.ForTile(key))
            .WithTrackingName(StepNames.Tiles);

        context.RegisterSourceOutput(tiles, Add);
    }

    private static void EmitShared(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> entries,
        IncrementalValueProvider<EquatableArray<string>> targets)
    {
        IncrementalValueProvider<EquatableArray<SourceFile>> catalogue = entries
            .Combine(targets)
            .Select(static (pair, _) => pair.Left.Count == 0 || pair.Right.Count == 0
                ? EquatableArray<SourceFile>.Empty
                : new EquatableArray<SourceFile>([SourceEmitter.ForCatalogue(pair.Left)]))
            .WithTrackingName(StepNames.Catalogue);
        context.RegisterSourceOutput(catalogue, AddAll);

        IncrementalValueProvider<EquatableArray<SourceFile>> support = entries
            .Select(static (all, _) => all.Count != 0)
            .Combine(targets)
            .Select(static (pair, _) => pair.Left && pair.Right.Count != 0
                ? SourceEmitter.ForSupport(pair.Right)
                : EquatableArray<SourceFile>.Empty)
            .WithTrackingName(StepNames.Catalogue);
        context.RegisterSourceOutput(support, AddAll);
    }

    private static void EmitStandIns(
        IncrementalGeneratorInitializationContext context,
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> entries,
        IncrementalValueProvider<bool> wanted) =>
        context.RegisterSourceOutput(entries.Combine(wanted), static (output, pair) =>
        {
            if (pair.Right && pair.Left.Count != 0)
            {
                Add(output, StandInFile.Write(pair.Left));
            }
        });

    private static void Report(SourceProductionContext output, EquatableArray<DiagnosticInfo> diagnostics)
    {
        foreach (DiagnosticInfo diagnostic in diagnostics)
        {
            output.ReportDiagnostic(diagnostic.ToDiagnostic());
        }
    }

    private static void AddAll(SourceProductionContext output, EquatableArray<SourceFile> files)
    {
        foreach (SourceFile file in files)
        {
            Add(output, file);
        }
    }

    private static void Add(SourceProductionContext output, SourceFile file) =>
        output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
}
