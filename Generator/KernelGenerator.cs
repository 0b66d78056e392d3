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

        // Diagnostics end here: one that only moves re-emits nothing.
        ReportDiagnostics(context, declarations);
        foreach (string name in AttributeReader.FieldNames)
        {
            ReportDiagnostics(context, context.SyntaxProvider.ForAttributeWithMetadataName(Metadata(name), IsType, FormatParser.ParseStray));
        }

        IncrementalValuesProvider<FormatSpec> specs = declarations
            .Where(static result => result.Spec is not null)
            .Select(static (result, _) => result.Spec!)
            .WithTrackingName(StepNames.Specs);

        IncrementalValueProvider<ConsumerSettings> settings = context.CompilationProvider
            .Select(static (compilation, _) => ConsumerCompilation.Read(compilation))
            .Combine(context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
                options.GlobalOptions.TryGetValue(TargetsProperty, out string? targets) ? targets : null))
            .Select(static (pair, _) => ConsumerSettings.From(pair.Left, pair.Right))
            .WithTrackingName(StepNames.Settings);
        ReportSettings(context, declarations, settings);

        // No targets, no kernels: the project could not compile them.
        IncrementalValueProvider<EquatableArray<string>> targets = settings.Select(static (value, _) =>
            value.CanEmit ? value.Targets : EquatableArray<string>.Empty);
        EmitFormats(context, specs, targets);
        EmitTiles(context, specs, targets);
        EmitShared(context, specs, targets);
        EmitStandIns(context, specs, settings.Select(static (value, _) => !value.CanEmit && value.CanDeclare));
    }

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
        IncrementalValueProvider<ConsumerSettings> settings)
    {
        IncrementalValueProvider<bool> any = declarations.Collect().Select(static (results, _) => results.Length != 0);
        context.RegisterSourceOutput(
            settings.Combine(any).Select(static (pair, _) => pair.Right ? pair.Left.Diagnostics : EquatableArray<DiagnosticInfo>.Empty),
            Report);
    }

    private static void EmitFormats(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValueProvider<EquatableArray<string>> targets)
    {
        IncrementalValuesProvider<(TypeSpec Type, EquatableArray<SourceFile> Files)> sources = specs
            .Combine(targets)
            .Select(static (pair, _) => (pair.Left.Type, pair.Right.Count == 0
                ? EquatableArray<SourceFile>.Empty
                : SourceEmitter.ForFormat(pair.Left, pair.Right)))
            .WithTrackingName(StepNames.Sources);

        // Hint names ignore case; of all formats only the few names that clash are passed on, as a rule none.
        IncrementalValueProvider<EquatableArray<string>> clashes = specs
            .Select(static (spec, _) => HintNames.Of(spec.Type))
            .Collect()
            .Select(static (names, _) => names
                .GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
                .Where(static group => group.Count() > 1)
                .SelectMany(static group => group)
                .OrderBy(static name => name, StringComparer.Ordinal)
                .ToEquatableArray());

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
    }

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
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValueProvider<EquatableArray<string>> targets)
    {
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> entries = specs
            .Select(static (spec, _) => new CatalogueEntry(spec.Type))
            .Collect()
            .Select(static (all, _) => all
                .OrderBy(static entry => HintNames.Of(entry.Type), StringComparer.Ordinal)
                .ToEquatableArray());

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
        IncrementalValuesProvider<FormatSpec> specs,
        IncrementalValueProvider<bool> wanted)
    {
        IncrementalValueProvider<EquatableArray<CatalogueEntry>> entries = specs
            .Combine(wanted)
            .Where(static pair => pair.Right)
            .Select(static (pair, _) => new CatalogueEntry(pair.Left.Type))
            .Collect()
            .Select(static (all, _) => all
                .OrderBy(static entry => HintNames.Of(entry.Type), StringComparer.Ordinal)
                .ToEquatableArray());

        context.RegisterSourceOutput(entries, static (output, all) =>
        {
            if (all.Count != 0)
            {
                Add(output, StandInFile.Write(all));
            }
        });
    }

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
