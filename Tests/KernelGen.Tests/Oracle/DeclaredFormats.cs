using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using KernelGen.Generator;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Tests.Oracle;

/// <summary>The catalogue's declarations, parsed from their source text.</summary>
internal static class DeclaredFormats
{
    private static readonly Lazy<IReadOnlyDictionary<string, FormatSpec>> s_all = new(
        () => ParseAll<FormatSpec>(Sources(), StepNames.Specs).ToDictionary(FullName, StringComparer.Ordinal));

    private static readonly Lazy<IReadOnlyDictionary<string, StructureSpec>> s_structures = new(
        () => ParseAll<StructureSpec>(Sources(), StepNames.Structures).ToDictionary(spec => FullName(spec.Type), StringComparer.Ordinal));

    private static readonly ConditionalWeakTable<FormatSpec, FormatOracle> s_oracles = [];

    /// <summary>All declared formats, and the cells of structures, by full name.</summary>
    public static IReadOnlyDictionary<string, FormatSpec> All => s_all.Value;

    /// <summary>All declared structures by full name.</summary>
    public static IReadOnlyDictionary<string, StructureSpec> Structures => s_structures.Value;

    /// <summary>The oracle of a declared format.</summary>
    public static FormatOracle OracleOf(string fullName) => OracleOf(All[fullName]);

    /// <summary>The oracle of a format, made once.</summary>
    public static FormatOracle OracleOf(FormatSpec spec) => s_oracles.GetValue(spec, static spec => new FormatOracle(spec));

    /// <summary>The specs of the declarations in a source text.</summary>
    public static IReadOnlyList<FormatSpec> Parse(string source) => ParseAll<FormatSpec>([source], StepNames.Specs);

    /// <summary>The full name of the type a spec was declared on.</summary>
    public static string FullName(FormatSpec spec) => FullName(spec.Type);

    /// <summary>The full name of a declaring type.</summary>
    public static string FullName(TypeSpec type) => type.Namespace.Length == 0 ? type.Name : $"{type.Namespace}.{type.Name}";

    /// <summary>A compilation of sources against the framework and the KernelGen assemblies.</summary>
    public static CSharpCompilation Compile(IEnumerable<string> sources, bool allowUnsafe) => CSharpCompilation.Create(
        "Declarations",
        sources.Select(text => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview))),
        References(),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, allowUnsafe: allowUnsafe, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The declarations' source texts.</summary>
    public static IEnumerable<string> Sources() => Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "FormatSources"), "*.cs", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(File.ReadAllText);

    /// <summary>The files the generator emits for a compilation.</summary>
    public static IReadOnlyList<SyntaxTree> Generate(CSharpCompilation compilation) => Run(compilation).GeneratedTrees;

    /// <summary>Takes what the generator parsed; where code may not be unsafe it parses but emits nothing.</summary>
    private static IReadOnlyList<T> ParseAll<T>(IEnumerable<string> sources, string step)
    {
        GeneratorRunResult result = Run(Compile(sources, allowUnsafe: false)).Results.Single();
        string[] errors = [.. result.Diagnostics.Where(d => d.Id.StartsWith("KG00", StringComparison.Ordinal) && d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString())];
        return errors.Length > 0
            ? throw new InvalidOperationException(string.Join('\n', errors))
            : [.. result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => (T)output.Value)];
    }

    private static GeneratorDriverRunResult Run(CSharpCompilation compilation)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new KernelGenerator().AsSourceGenerator()],
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "FormatSources"), "*.txt", SearchOption.AllDirectories)
                .Select(path => new TextFile(path, File.ReadAllText(path))),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true),
            parseOptions: new CSharpParseOptions(LanguageVersion.Preview));
        GeneratorDriverRunResult result = driver.RunGenerators(compilation).GetRunResult();
        return result.Results.Single().Exception is { } exception
            ? throw new InvalidOperationException("The generator failed.", exception)
            : result;
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System.", StringComparison.Ordinal)
                    || name is "netstandard.dll" or "KernelGen.Attributes.dll" or "KernelGen.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
}
