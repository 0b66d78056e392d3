using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed class SettingsTests
{
    private const string Source = "[Block(32), Codes(4, Offset = -8), Scale(ScalarType.Float16)] public partial struct Format;";

    /// <summary>The rules that the tests of this class produce.</summary>
    internal static readonly string[] Rules = ["KG0101", "KG0102", "KG0103", "KG0104"];

    [Fact]
    public void Without_unsafe_code_no_kernel_is_emitted()
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(Source));
        ExpectStandIns("KG0101", compilation.WithOptions(compilation.Options.WithAllowUnsafe(false)));
    }

    [Fact]
    public void Without_kernels_code_that_uses_formats_has_no_error_of_its_own()
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(
            GeneratorHarness.Tree("""
                [Block(32), Codes(4), Scale(ScalarType.Float16)] public partial struct Format;
                namespace A.B { public partial class C { [Block(32), Codes(4), Scale(ScalarType.Float16)] public partial record struct format; } }
                """),
            GeneratorHarness.Tree("""
                class User
                {
                    static object Matrix() => QuantizedMatrix<Format>.Create(1, 32);
                    static object Nested() => A.B.C.format.Descriptor;
                    static object All() => KernelGen.Generated.FormatCatalogue.All;
                }
                """));
        ExpectStandIns("KG0101", compilation.WithOptions(compilation.Options.WithAllowUnsafe(false)));
    }

    [Fact]
    public void Below_CSharp_12_no_kernel_is_emitted()
    {
        Diagnostic diagnostic = ExpectStandIns(
            "KG0102",
            GeneratorHarness.Compile(GeneratorHarness.Tree(Source.Replace(";", " { }", StringComparison.Ordinal), version: LanguageVersion.CSharp11)));
        Assert.Contains("C# 11.0;", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void CSharp_12_is_enough() => Assert.Empty(GeneratorHarness.Run(
        GeneratorHarness.Compile(GeneratorHarness.Tree(Source, version: LanguageVersion.CSharp12))).Diagnostics);

    [Fact]
    public void Without_the_runtime_nothing_is_emitted()
    {
        Diagnostic diagnostic = Expect("KG0103", GeneratorHarness.Run(
            GeneratorHarness.WithoutRuntime(GeneratorHarness.Compile(GeneratorHarness.Tree(Source)))));
        Assert.Contains("KernelGen.IQuantFormat`1", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void On_an_old_framework_nothing_is_emitted()
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(Source));
        compilation = compilation.RemoveReferences(compilation.References.Where(static reference =>
            reference.Display!.EndsWith("System.Runtime.Intrinsics.dll", StringComparison.Ordinal)
            || reference.Display!.EndsWith("System.Private.CoreLib.dll", StringComparison.Ordinal)));
        Assert.NotEmpty(ConsumerCompilation.Read(compilation).MissingType ?? string.Empty);
    }

    [Theory]
    [InlineData("Scalar,Avx3")]
    [InlineData("Avx3 ; avx2")]
    public void An_unknown_target_is_an_error(string targets)
    {
        GeneratorRunResult result = GeneratorHarness.Run(GeneratorHarness.Compile(GeneratorHarness.Tree(Source)), targets);
        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("KG0104", diagnostic.Id);
        Assert.Contains("'Avx3'", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "Scalar Vector128 Avx2 Neon NeonDot Avx2Vnni Avx512 Avx512Vnni")]
    [InlineData("", "Scalar Vector128 Avx2 Neon NeonDot Avx2Vnni Avx512 Avx512Vnni")]
    [InlineData(" ; , ", "Scalar Vector128 Avx2 Neon NeonDot Avx2Vnni Avx512 Avx512Vnni")]
    [InlineData("avx2", "Scalar Avx2")]
    [InlineData("AVX2,scalar;Avx2", "Scalar Avx2")]
    [InlineData("Vector128 , Scalar", "Scalar Vector128")]
    public void Targets_are_named_in_any_order_and_case(string? property, string expected)
    {
        GeneratorRunResult result = GeneratorHarness.Run(GeneratorHarness.Compile(GeneratorHarness.Tree(Source)), property);
        ConsumerSettings settings = (ConsumerSettings)Assert.Single(GeneratorHarness.Outputs(result, StepNames.Settings)).Value;
        Assert.True(settings.CanEmit);
        Assert.Empty(settings.Diagnostics);
        Assert.Equal(expected.Split(' '), settings.Targets);
    }

    [Fact]
    public void Target_names_are_the_members_of_the_runtime_s_enum()
    {
        IEnumerable<string> members = Enum.GetNames<KernelTarget>();
        Assert.Equal(members, TargetNames.All);
    }

    [Fact]
    public void A_project_without_formats_is_left_alone()
    {
        CSharpCompilation compilation = GeneratorHarness.WithoutRuntime(GeneratorHarness.Compile(GeneratorHarness.Tree("class C;")));
        GeneratorRunResult result = GeneratorHarness.Run(compilation.WithOptions(compilation.Options.WithAllowUnsafe(false)), "Nonsense");
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedSources);
    }

    /// <summary>One error and no other, and only what stands in for the kernels.</summary>
    private static Diagnostic ExpectStandIns(string id, CSharpCompilation compilation)
    {
        GeneratorRunResult result = GeneratorHarness.Run(compilation);
        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        GeneratedSourceResult file = Assert.Single(result.GeneratedSources);
        Assert.Equal("KernelGen.StandIns.g.cs", file.HintName);
        Assert.DoesNotContain(
            compilation.AddSyntaxTrees(file.SyntaxTree).GetDiagnostics(),
            static other => other.Severity >= DiagnosticSeverity.Warning);
        return diagnostic;
    }

    private static Diagnostic Expect(string id, GeneratorRunResult result)
    {
        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(Location.None, diagnostic.Location);
        Assert.Empty(result.GeneratedSources);
        return diagnostic;
    }
}
