using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using KernelGen.Generator;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Runs the generator on source text, as the compiler would.</summary>
internal static class GeneratorHarness
{
    private static readonly ImmutableArray<MetadataReference> Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(static path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "netstandard.dll")
            .Select(static path => MetadataReference.CreateFromFile(path))];

    private static readonly MetadataReference Attributes = MetadataReference.CreateFromFile(typeof(BlockAttribute).Assembly.Location);

    private static readonly MetadataReference Runtime = MetadataReference.CreateFromFile(typeof(FormatDescriptor).Assembly.Location);

    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    public static SyntaxTree Tree(string source, string path = "Formats.cs", LanguageVersion version = LanguageVersion.CSharp13) =>
        CSharpSyntaxTree.ParseText("using KernelGen;\n" + source, new CSharpParseOptions(version), path);

    /// <summary>The sources of the catalogue of formats.</summary>
    public static IEnumerable<SyntaxTree> Catalogue()
    {
        string folder = Path.Combine(Root, "Formats");
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(folder, path).StartsWith("obj", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(static path => Tree(File.ReadAllText(path), path));
    }

    public static CSharpCompilation Compile(params IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        "Consumer",
        trees,
        [.. Framework, Attributes, Runtime],
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    public static CSharpCompilation WithoutRuntime(CSharpCompilation compilation) => compilation.RemoveReferences(Runtime);

    /// <summary>The codebook files of the catalogue of formats.</summary>
    public static IEnumerable<AdditionalText> CatalogueFiles() =>
        Directory.EnumerateFiles(Path.Combine(Root, "Formats", "Ggml", "Grids"), "*.txt")
            .Order(StringComparer.Ordinal)
            .Select(static path => new TextFile(path, File.ReadAllText(path)));

    public static GeneratorDriver Driver(
        string? targets = null,
        LanguageVersion version = LanguageVersion.CSharp13,
        IEnumerable<AdditionalText>? files = null) => CSharpGeneratorDriver.Create(
        [new KernelGenerator().AsSourceGenerator()],
        files,
        optionsProvider: new Options(targets),
        parseOptions: new CSharpParseOptions(version),
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Runs once, and fails where the generator throws.</summary>
    public static GeneratorRunResult Run(CSharpCompilation compilation, string? targets = null) =>
        Result(Driver(targets, compilation.LanguageVersion, CatalogueFiles()).RunGenerators(compilation));

    public static GeneratorRunResult Run(string source, string? targets = null) => Run(Compile(Tree(source)), targets);

    public static GeneratorRunResult Result(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result;
    }

    public static IReadOnlyList<ParseResult> Parse(string source) => Parse(Run(source));

    public static IReadOnlyList<ParseResult> Parse(GeneratorRunResult result) =>
        [.. Outputs(result, StepNames.Declarations).Select(static output => (ParseResult)output.Value)];

    /// <summary>Parses a source with one format, which must be valid.</summary>
    public static FormatSpec Spec(string source)
    {
        GeneratorRunResult result = Run(source);
        Assert.Empty(result.Diagnostics);
        FormatSpec? spec = Assert.Single(Parse(result)).Spec;
        Assert.NotNull(spec);
        return spec;
    }

    public static IEnumerable<(object Value, IncrementalStepRunReason Reason)> Outputs(GeneratorRunResult result, string step) =>
        result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> steps)
            ? steps.SelectMany(static run => run.Outputs)
            : [];

    public static IEnumerable<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        Outputs(result, step).Select(static output => output.Reason);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KernelGen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("KernelGen.sln is in no folder above " + AppContext.BaseDirectory);
    }

    private sealed class Options(string? targets) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(targets);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values(string? targets) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.KernelGenTargets" ? targets : null;
                return value is not null;
            }
        }
    }
}
