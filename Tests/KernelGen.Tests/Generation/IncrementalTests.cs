using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed class IncrementalTests
{
    private const string First = "[Block(32), Codes(4, Offset = -8), Scale(ScalarType.Float16)] public partial struct First;";
    private const string Second = "[Block(64), Codes(8, CodeKind.Signed), Scale(ScalarType.Float32)] public partial struct Second;";
    private const string Faulty = "[Block(0), Codes(4)] public partial struct Faulty;";

    private static readonly string[] Later = [StepNames.Specs, StepNames.Sources, StepNames.Tiles, StepNames.Catalogue];

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing()
    {
        GeneratorRunResult result = Edit("class Unrelated;", "class Unrelated { int x = 3; }", First + Second);
        Assert.Equal(2, Unchanged(result, StepNames.Declarations).Count);
        Assert.All(GeneratorHarness.Reasons(result, StepNames.Settings), static reason => Assert.True(IsUntouched(reason)));
        OutputsAreCached(result);
        Assert.All(Later, step => AllCached(result, step));
    }

    [Fact]
    public void An_edit_in_the_same_file_re_emits_nothing()
    {
        GeneratorRunResult result = Edit(First + Second, "// a comment\n\n" + First + "class New;\n" + Second);
        Assert.Equal(2, Unchanged(result, StepNames.Declarations).Count);
        OutputsAreCached(result);
        Assert.All(Later, step => AllCached(result, step));
    }

    [Fact]
    public void An_edit_of_one_format_re_emits_that_format_only()
    {
        GeneratorRunResult result = Edit(First, First.Replace("-8", "-7", System.StringComparison.Ordinal), Second);
        (string, bool)[] sources = [.. GeneratorHarness.Outputs(result, StepNames.Sources).Select(static output =>
            ((((TypeSpec Type, EquatableArray<SourceFile>))output.Value).Type.Name, output.Reason == IncrementalStepRunReason.Cached))];
        Assert.Equal([("First", false), ("Second", true)], sources.OrderBy(static source => source.Item1));

        // The list of formats is what it was.
        AllCached(result, StepNames.Catalogue);
        AllCached(result, StepNames.Settings, orUnchanged: true);
    }

    [Fact]
    public void A_new_format_leaves_the_others_alone()
    {
        GeneratorRunResult result = Edit("class Unrelated;", First, Second);
        Assert.Equal(
            [IncrementalStepRunReason.New, IncrementalStepRunReason.Cached],
            GeneratorHarness.Reasons(result, StepNames.Sources).OrderBy(static reason => reason));
    }

    [Fact]
    public void A_squiggle_that_moves_re_emits_nothing()
    {
        GeneratorRunResult result = Edit(Faulty + First, "\n\n" + Faulty + First);
        Assert.Contains(IncrementalStepRunReason.Modified, GeneratorHarness.Reasons(result, StepNames.Diagnostics));
        Assert.Equal(4, Assert.Single(result.Diagnostics).Location.GetLineSpan().StartLinePosition.Line + 1);
        Assert.All(Later, step => AllCached(result, step));
    }

    [Fact]
    public void A_format_that_becomes_faulty_is_removed()
    {
        GeneratorRunResult result = Edit(First, First.Replace("32", "0", System.StringComparison.Ordinal), Second);
        Assert.Single(result.Diagnostics);
        Assert.DoesNotContain(result.GeneratedSources, static file => file.HintName.StartsWith("First", System.StringComparison.Ordinal));
        Assert.Contains(result.GeneratedSources, static file => file.HintName.StartsWith("Second", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_differ_by_case_only_get_files_of_their_own()
    {
        GeneratorRunResult result = GeneratorHarness.Run(First + First.Replace("First", "FIRST", System.StringComparison.Ordinal) + Second);
        string[] names = [.. result.GeneratedSources.Select(static file => file.HintName)];
        Assert.Contains(names, static name => name.StartsWith("First-", System.StringComparison.Ordinal));
        Assert.Contains(names, static name => name.StartsWith("FIRST-", System.StringComparison.Ordinal));
        Assert.Contains(names, static name => name.StartsWith("Second.", System.StringComparison.Ordinal));
    }

    [Fact]
    public void An_edit_of_a_codebook_file_re_emits_its_formats_only()
    {
        const string Table = "[Block(32), Codes(1), CodebookFile(\"table.txt\"), Scale(ScalarType.Float16)] public partial struct Table;";
        TextFile before = new("/a/table.txt", "-1 # low\n2");
        TextFile other = new("/a/other.txt", "nothing that is read");
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(First + Table));
        GeneratorDriver driver = GeneratorHarness.Driver(files: [before, other]).RunGenerators(compilation);
        Assert.Empty(GeneratorHarness.Result(driver).Diagnostics);

        // A comment changes no value.
        TextFile comment = new("/a/table.txt", "-1, 2 # high");
        driver = driver.ReplaceAdditionalText(before, comment).RunGenerators(compilation);
        OutputsAreCached(GeneratorHarness.Result(driver));

        driver = driver.ReplaceAdditionalText(comment, new TextFile("/a/table.txt", "-1 3")).RunGenerators(compilation);
        GeneratorRunResult result = GeneratorHarness.Result(driver);
        (string, bool)[] sources = [.. GeneratorHarness.Outputs(result, StepNames.Sources).Select(static output =>
            ((((TypeSpec Type, EquatableArray<SourceFile>))output.Value).Type.Name, output.Reason == IncrementalStepRunReason.Cached))];
        Assert.Equal([("First", true), ("Table", false)], sources.OrderBy(static source => source.Item1));
    }

    [Theory]
    [InlineData("1 x", "line 1 has 'x'")]
    [InlineData("1 2 3", "has 3 values")]
    [InlineData("1\n2 1e39", "has 3 values")]
    [InlineData("", "has 0 values")]
    public void A_codebook_file_with_other_content_is_an_error(string text, string message)
    {
        const string Table = "[Block(32), Codes(1), CodebookFile(\"table.txt\"), Scale(ScalarType.Float16)] public partial struct Table;";
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(Table));
        GeneratorRunResult result = GeneratorHarness.Result(GeneratorHarness.Driver(files: [new TextFile("/a/table.txt", text)]).RunGenerators(compilation));
        Assert.Contains(message, Assert.Single(result.Diagnostics).GetMessage(null), System.StringComparison.Ordinal);

        TextFile[] twice = [new("/a/table.txt", "1 2"), new("/b/table.txt", "1 2")];
        result = GeneratorHarness.Result(GeneratorHarness.Driver(files: twice).RunGenerators(compilation));
        Assert.Equal("KG0061", Assert.Single(result.Diagnostics).Id);
    }

    /// <summary>Runs the generator, replaces one file's text, and runs it again.</summary>
    private static GeneratorRunResult Edit(string before, string after, params IEnumerable<string> others)
    {
        SyntaxTree tree = GeneratorHarness.Tree(before);
        CSharpCompilation compilation = GeneratorHarness.Compile(
            others.Select(static (source, index) => GeneratorHarness.Tree(source, $"Other{index}.cs")).Append(tree));
        GeneratorDriver driver = GeneratorHarness.Driver(version: LanguageVersion.CSharp13).RunGenerators(compilation);
        GeneratorHarness.Result(driver);
        return GeneratorHarness.Result(driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, GeneratorHarness.Tree(after))));
    }

    private static List<IncrementalStepRunReason> Unchanged(GeneratorRunResult result, string step)
    {
        List<IncrementalStepRunReason> reasons = [.. GeneratorHarness.Reasons(result, step)];
        Assert.All(reasons, static reason => Assert.True(IsUntouched(reason), reason.ToString()));
        return reasons;
    }

    private static void AllCached(GeneratorRunResult result, string step, bool orUnchanged = false) => Assert.All(
        GeneratorHarness.Reasons(result, step),
        reason => Assert.True(reason == IncrementalStepRunReason.Cached || (orUnchanged && IsUntouched(reason)), $"{step}: {reason}"));

    private static void OutputsAreCached(GeneratorRunResult result) => Assert.All(
        result.TrackedOutputSteps.SelectMany(static steps => steps.Value).SelectMany(static step => step.Outputs),
        static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));

    private static bool IsUntouched(IncrementalStepRunReason reason) =>
        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;
}
