using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Structures from declaration to emitted text.</summary>
public sealed class StructureGenerationTests
{
    private const string Signs = "[Block(Extent.Row), Codes(1, CodeKind.Sign), Outer(Row = ScalarType.Float16)] public partial struct Signs;";
    private const string Ints = "[Block(Extent.Row), Codes(4, Offset = -8), Scale(ScalarType.Float16, Per = Extent.Row)] public partial struct Ints;";
    private const string Mixed = "[Partition(Extent.Column, typeof(Signs), typeof(Ints)), PostNorm(1e-5)] public partial struct Mixed;";

    [Fact]
    public void A_structure_is_what_is_declared()
    {
        GeneratorRunResult result = GeneratorHarness.Run(
            Signs + Ints + Mixed
            + "[Block(32), Codes(4), Scale(ScalarType.UInt4, Per = Extent.Column, Multiply = 0.5, Sign = -1), Min(ScalarType.Float32, Per = Extent.Column, Name = \"shift\")] public partial struct Columns;");
        Assert.Empty(result.Diagnostics);
        Dictionary<string, StructureSpec> specs = Structures(result).ToDictionary(static spec => spec.Type.Name);
        Assert.Equal(["Columns", "Mixed", "Signs"], specs.Keys.Order());
        Assert.Equal(new OuterSpec(new StoredType(StoredClass.Float16, 16), null), specs["Signs"].Outer);
        Assert.True(specs["Signs"].Cell!.IsCore);
        Assert.Equal(1e-5, specs["Mixed"].PostNorm);
        Assert.Null(specs["Mixed"].Cell);
        Assert.Equal([("Signs", true), ("Ints", false)], specs["Mixed"].Parts.Select(static part => (part.Type.Name, part.IsStructure)));
        Assert.Equal<ParameterSpec>(
            [
                new ParameterSpec(ParameterRole.Scale, "scale", new(StoredClass.Unsigned, 4), ParameterExtent.Column, 0, 0.5f, 0, true),
                new ParameterSpec(ParameterRole.Min, "shift", new(StoredClass.Float32, 32), ParameterExtent.Column, 0, 1, 0, false),
            ],
            specs["Columns"].Columns);
        Assert.Empty(specs["Columns"].Cell!.Parameters);
    }

    [Fact]
    public void The_catalogue_lists_a_type_once()
    {
        string text = GeneratorHarness.Run(Signs + Ints + Mixed).GeneratedSources
            .Single(static file => file.HintName == "KernelGen.FormatCatalogue.g.cs").SourceText.ToString();
        Assert.Contains("        Ints.Descriptor,\n", text, StringComparison.Ordinal);
        Assert.Contains("        Mixed_Structure.Structure,\n", text, StringComparison.Ordinal);
        Assert.Contains("        Signs_Structure.Structure,\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Signs.Descriptor", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_emitted_compiles_without_a_warning_also_without_kernels_and_with_parts_of_another_assembly()
    {
        Assert.Empty(Compiled(GeneratorHarness.Compile(GeneratorHarness.Tree(Signs + Ints + Mixed)), out _));

        // The parts come from there.
        CSharpCompilation parts = GeneratorHarness.Compile(GeneratorHarness.Tree("namespace Parts;" + Signs + Ints)).WithAssemblyName("Parts");
        Assert.Empty(Compiled(parts, out Compilation compiled));
        using System.IO.MemoryStream image = new();
        Assert.True(compiled.Emit(image).Success);
        CSharpCompilation consumer = GeneratorHarness.Compile(GeneratorHarness.Tree("using Parts;" + Mixed))
            .AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        Assert.Empty(Compiled(consumer, out _));
    }

    [Fact]
    public void Parts_that_cannot_be_seen_are_errors()
    {
        CSharpCompilation parts = GeneratorHarness.Compile(GeneratorHarness.Tree("namespace Parts;" + Signs + Ints.Replace("public", "internal", StringComparison.Ordinal)))
            .WithAssemblyName("Parts");
        Compiled(parts, out Compilation compiled);
        using System.IO.MemoryStream image = new();
        Assert.True(compiled.Emit(image).Success);
        CSharpCompilation consumer = GeneratorHarness.Compile(GeneratorHarness.Tree("using Parts;" + Mixed))
            .AddReferences(MetadataReference.CreateFromImage(image.ToArray()));

        // The compiler says so too, and then nothing else is said.
        GeneratorRunResult result = GeneratorHarness.Run(consumer);
        Assert.All(result.Diagnostics, static diagnostic => Assert.Equal("KG0075", diagnostic.Id));
        Assert.DoesNotContain(result.GeneratedSources, static file => file.HintName.StartsWith("Mixed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_faulty_part_is_reported_once_and_its_composition_is_not_emitted()
    {
        GeneratorRunResult result = GeneratorHarness.Run(Signs + Ints.Replace("Codes(4", "Codes(9", StringComparison.Ordinal) + Mixed);
        Assert.Equal("KG0020", Assert.Single(result.Diagnostics).Id);
        Assert.DoesNotContain(result.GeneratedSources, static file => file.HintName.StartsWith("Mixed", StringComparison.Ordinal));
        Assert.Contains(result.GeneratedSources, static file => file.HintName == "Signs.Structure.g.cs");
    }

    [Fact]
    public void Compositions_of_each_other_are_reported_at_both()
    {
        GeneratorRunResult result = GeneratorHarness.Run(
            Signs + "[Partition(Extent.Column, typeof(Signs), typeof(B))] public partial struct A; [Partition(Extent.Column, typeof(Signs), typeof(A))] public partial struct B;");
        Assert.Equal(["KG0076", "KG0076"], result.Diagnostics.Select(static diagnostic => diagnostic.Id));
    }

    [Theory]
    [InlineData("[Partition(Extent.Column, typeof(Unknown), typeof(Unknown))] public partial struct Bad;")]
    [InlineData("[Partition(Unknown, typeof(int), typeof(int))] public partial struct Bad;")]
    [InlineData("[Partition(Extent.Column, 3)] public partial struct Bad;")]
    [InlineData("[Block(32), Codes(4), Outer(Row = Unknown)] public partial struct Bad;")]
    [InlineData("[Block(32), Codes(4), PostNorm] public partial struct Bad;")]
    public void What_the_compiler_rejects_is_left_to_it(string source)
    {
        GeneratorRunResult result = GeneratorHarness.Run(source);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedSources);
    }

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing()
    {
        GeneratorRunResult result = Edit("class Unrelated;", "class Unrelated { int x = 3; }", Signs + Ints + Mixed);
        Assert.All(
            [StepNames.Structures, StepNames.StructureSources, StepNames.Sources, StepNames.Catalogue],
            step => Assert.All(GeneratorHarness.Reasons(result, step), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason)));
        Assert.Equal(2, GeneratorHarness.Reasons(result, StepNames.StructureSources).Count());
    }

    [Fact]
    public void An_edit_of_a_part_re_emits_that_part_only()
    {
        GeneratorRunResult result = Edit(Ints, Ints.Replace("-8", "-7", StringComparison.Ordinal), Signs + Mixed);
        Assert.All(GeneratorHarness.Reasons(result, StepNames.StructureSources), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.Single(GeneratorHarness.Reasons(result, StepNames.Sources), static reason => reason != IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void An_edit_of_the_composition_leaves_the_parts_alone()
    {
        GeneratorRunResult result = Edit(Mixed, Mixed.Replace("1e-5", "1e-6", StringComparison.Ordinal), Signs + Ints);
        Assert.All(GeneratorHarness.Reasons(result, StepNames.Sources), static reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        Assert.Single(GeneratorHarness.Reasons(result, StepNames.StructureSources), static reason => reason != IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void The_same_source_gives_equal_models_and_equal_texts()
    {
        GeneratorRunResult one = GeneratorHarness.Run(Signs + Ints + Mixed);
        GeneratorRunResult two = GeneratorHarness.Run("// moved\n\n" + Signs + Ints + Mixed);
        Assert.Equal(Structures(one), Structures(two));
        Assert.Equal(
            one.GeneratedSources.Select(static file => file.HintName + file.SourceText),
            two.GeneratedSources.Select(static file => file.HintName + file.SourceText));
    }

    [Theory]
    [InlineData("Float16", "BFloat16")]
    [InlineData("Row = ", "Column = ")]
    [InlineData("1e-5", "1e-6")]
    [InlineData("typeof(Signs), typeof(Ints)", "typeof(Ints), typeof(Signs)")]
    [InlineData("typeof(Signs), typeof(Ints)", "typeof(Signs), typeof(Ints), typeof(Ints)")]
    [InlineData(", PostNorm(1e-5)", "")]
    [InlineData(", PostNorm(1e-5)", ", PostNorm(1e-5), Outer(Row = ScalarType.Float32)")]
    public void A_changed_source_gives_an_unequal_model(string from, string to)
    {
        string changed = (Signs + Ints + Mixed).Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Signs + Ints + Mixed, changed);
        GeneratorRunResult result = GeneratorHarness.Run(changed);
        Assert.Empty(result.Diagnostics);
        Assert.NotEqual(Structures(GeneratorHarness.Run(Signs + Ints + Mixed)), Structures(result));
    }

    [Fact]
    public void A_setting_that_keeps_kernels_away_leaves_the_members_in_place()
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(
            Signs + Ints + Mixed + "class Uses { object a = Signs.Structure, b = Mixed.Structure, c = Ints.Descriptor; }"));
        compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(false));
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out System.Collections.Immutable.ImmutableArray<Diagnostic> said);
        Assert.Equal("KG0101", Assert.Single(said).Id);
        Assert.Empty(output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static IReadOnlyList<StructureSpec> Structures(GeneratorRunResult result) =>
        [.. GeneratorHarness.Outputs(result, StepNames.Structures).Select(static output => (StructureSpec)output.Value).OrderBy(static spec => HintNames.Of(spec.Type), StringComparer.Ordinal)];

    private static IEnumerable<Diagnostic> Compiled(CSharpCompilation compilation, out Compilation output)
    {
        compilation = compilation.WithOptions(compilation.Options.WithOverflowChecks(true).WithNullableContextOptions(NullableContextOptions.Enable));
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out output, out _);
        return output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);
    }

    private static GeneratorRunResult Edit(string before, string after, string other)
    {
        SyntaxTree tree = GeneratorHarness.Tree(before);
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(other, "Other.cs"), tree);
        GeneratorDriver driver = GeneratorHarness.Driver(version: LanguageVersion.CSharp13).RunGenerators(compilation);
        GeneratorHarness.Result(driver);
        return GeneratorHarness.Result(driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, GeneratorHarness.Tree(after))));
    }
}
