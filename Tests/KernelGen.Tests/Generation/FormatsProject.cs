using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>The sources of the Formats project, and what the generator makes of them.</summary>
internal static class FormatsProject
{
    private static readonly Lazy<GeneratorRunResult> Run = new(Generate);

    /// <summary>Emitted files by hint name.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Run.Value.GeneratedSources
        .ToDictionary(static file => file.HintName, static file => file.SourceText.ToString(), StringComparer.Ordinal);

    /// <summary>How long the generator took, its own code not yet compiled.</summary>
    public static TimeSpan Elapsed { get; private set; }

    /// <summary>The sources in a compilation without what is emitted.</summary>
    public static CSharpCompilation Compilation(LanguageVersion version = LanguageVersion.CSharp12) => GeneratorHarness.Compile(
        Directory.EnumerateFiles(Path.Combine(GeneratorHarness.Root, "Formats"), "*.cs", SearchOption.AllDirectories)
            .Where(static path => !path.Contains(Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => GeneratorHarness.Tree(File.ReadAllText(path), path, version)));

    /// <summary>Runs the generator anew.</summary>
    public static GeneratorRunResult Generate()
    {
        CSharpCompilation compilation = Compilation();
        GeneratorDriver driver = GeneratorHarness.Driver(version: compilation.LanguageVersion, files: GeneratorHarness.CatalogueFiles());
        Stopwatch watch = Stopwatch.StartNew();
        driver = driver.RunGenerators(compilation);
        Elapsed = watch.Elapsed;
        GeneratorRunResult result = GeneratorHarness.Result(driver);
        Assert.DoesNotContain(result.Diagnostics, static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
        return result;
    }
}
