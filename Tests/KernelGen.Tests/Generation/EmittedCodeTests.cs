using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection.PortableExecutable;
using KernelGen.Generator.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Xunit;
using Xunit.Abstractions;

namespace KernelGen.Tests.Generation;

/// <summary>The Formats project in the strictest consumer's compilation: nullable, warnings as errors, checked arithmetic, C# 12.</summary>
public sealed class EmittedCodeTests(ITestOutputHelper output)
{
    /// <summary>The JIT stops tracking locals of a method at 1024, its own temporaries included.</summary>
    private const int LocalsBudget = 900;

    private static readonly Lazy<(ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<byte> Image)> Strict = new(CompileStrictly);

    [Fact]
    public void Compiles_without_a_warning()
    {
        Assert.Empty(Strict.Value.Diagnostics);
        Assert.NotEmpty(Strict.Value.Image);
    }

    [Fact]
    public void Never_throws_on_overflow() => Assert.Empty(
        Methods().Where(static method => method.Checked.Count != 0)
            .Select(static method => $"{method.Type}.{method.Name}: {string.Join(" ", method.Checked)}"));

    [Fact]
    public void Locals_are_within_the_budget()
    {
        CompiledMethod[] methods = [.. Methods().OrderByDescending(static method => method.Locals)];
        output.WriteLine($"{methods.Length} methods, {methods.Sum(static method => (long)method.Bytes)} bytes of IL in {Strict.Value.Image.Length} bytes of assembly");
        foreach (CompiledMethod method in methods.Take(10).Concat(methods.OrderByDescending(static m => m.Bytes).Take(5)))
        {
            output.WriteLine($"{method.Locals} locals, {method.Bytes} bytes of IL: {method.Type}.{method.Name}");
        }

        Assert.All(methods, static method => Assert.True(method.Locals < LocalsBudget, $"{method.Type}.{method.Name} has {method.Locals} locals"));
    }

    /// <summary>Fails where a target with vectors leaves whole rows, or the codes of whole blocks that are not plain floats, to the scalar kernels.</summary>
    [Theory]
    [InlineData("QuantizeRow(x, k,")]
    [InlineData("DequantizeRow(row, rowSide, tensorSide, k,")]
    [InlineData("UnpackCodes(block, codes);", "BF16", "F16", "F32")]
    public void Row_kernels_of_the_catalogue_are_vectors(string call, params string[] scalar)
    {
        const string Suffix = ".Avx2.g.cs";
        IEnumerable<string> formats = FormatsProject.Files
            .Where(file => file.Key.EndsWith(Suffix, StringComparison.Ordinal) && file.Value.Contains("_Scalar." + call, StringComparison.Ordinal))
            .Select(static file => file.Key[..^Suffix.Length].Split('.')[^1]);
        Assert.Equal(scalar, formats.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Says_how_long_the_generator_takes()
    {
        int files = FormatsProject.Files.Count;
        output.WriteLine($"first run: {FormatsProject.Elapsed.TotalMilliseconds:F0} ms for {files} files of {FormatsProject.Files.Values.Sum(static text => (long)text.Length)} characters");
        FormatsProject.Generate();
        output.WriteLine($"again: {FormatsProject.Elapsed.TotalMilliseconds:F0} ms");
    }

    private static IEnumerable<CompiledMethod> Methods()
    {
        using PEReader file = new(Strict.Value.Image);
        return [.. IlReader.Methods(file).Where(static method => method.Type.StartsWith(EmittedNames.Namespace + ".", StringComparison.Ordinal))];
    }

    private static (ImmutableArray<Diagnostic> Diagnostics, ImmutableArray<byte> Image) CompileStrictly()
    {
        CSharpCompilation compilation = FormatsProject.Compilation();
        CSharpParseOptions parsing = (CSharpParseOptions)compilation.SyntaxTrees.First().Options;
        parsing = parsing.WithDocumentationMode(DocumentationMode.Diagnose);
        compilation = compilation
            .AddSyntaxTrees(FormatsProject.Files.Select(file => CSharpSyntaxTree.ParseText(file.Value, parsing, file.Key)))
            .WithOptions(compilation.Options
                .WithNullableContextOptions(NullableContextOptions.Enable)
                .WithGeneralDiagnosticOption(ReportDiagnostic.Error)
                .WithWarningLevel(9999)
                .WithOverflowChecks(true)
                .WithOptimizationLevel(OptimizationLevel.Release));
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        return ([.. result.Diagnostics.Where(static diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden)], [.. image.ToArray()]);
    }
}
