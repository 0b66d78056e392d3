using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Generator;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Disassembly;

/// <summary>The catalogue's declarations as the generator parses them.</summary>
internal static class Declarations
{
    /// <summary>Parses the sources in a folder.</summary>
    /// <exception cref="InvalidOperationException">The generator reports an error.</exception>
    public static IReadOnlyList<FormatSpec> Parse(string folder)
    {
        string[] sources = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        CSharpParseOptions language = new(LanguageVersion.Preview);

        // Where code may not be unsafe the generator parses but emits nothing.
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Declarations",
            sources.Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), language)),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: false, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorRunResult result = CSharpGeneratorDriver
            .Create(
                [new KernelGenerator().AsSourceGenerator()],
                driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true),
                parseOptions: language)
            .RunGenerators(compilation)
            .GetRunResult()
            .Results
            .Single();
        return result.Exception is null
            ? [.. result.TrackedSteps[StepNames.Specs].SelectMany(step => step.Outputs).Select(output => (FormatSpec)output.Value)]
            : throw new InvalidOperationException("The generator failed.", result.Exception);
    }

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is { } name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "KernelGen.Attributes.dll" or "KernelGen.Runtime.dll"))
        .Select(path => MetadataReference.CreateFromFile(path));
}
