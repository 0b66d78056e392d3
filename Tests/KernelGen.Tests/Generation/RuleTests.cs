using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using KernelGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed partial class RuleTests
{
    public static TheoryData<string> Ids => [.. Descriptors.Select(static rule => rule.Id)];

    private static IEnumerable<DiagnosticDescriptor> Descriptors => typeof(Rules)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static member => member.GetValue(null))
        .OfType<DiagnosticDescriptor>();

    [Fact]
    public void Ids_are_unique_and_ordered()
    {
        string[] ids = [.. Descriptors.Select(static rule => rule.Id)];
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
        Assert.All(ids, static id => Assert.Matches("^KG[0-9]{4}$", id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_page_a_help_link_and_a_release_line(string id)
    {
        DiagnosticDescriptor rule = Rules.ById(id);
        Assert.Equal("KernelGen", rule.Category);
        Assert.Equal($"https://github.com/kernelgen/kernelgen/blob/main/docs/rules/{id}.md", rule.HelpLinkUri);

        string page = Page(id);
        Assert.StartsWith($"# {id}: {rule.Title}\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Example\n", page, StringComparison.Ordinal);
        Assert.Contains("\n## Fix\n", page, StringComparison.Ordinal);
        Assert.Contains($"[{id}]({id}.md)", Page("README"), StringComparison.Ordinal);

        string generator = Path.Combine(GeneratorHarness.Root, "Generator");
        Assert.Single(
            File.ReadLines(Path.Combine(generator, "AnalyzerReleases.Unshipped.md"))
                .Concat(File.ReadLines(Path.Combine(generator, "AnalyzerReleases.Shipped.md"))),
            line => line.StartsWith($"{id} | KernelGen | {rule.DefaultSeverity} | ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_page_belongs_to_a_rule() => Assert.Equal(
        Descriptors.Select(static rule => rule.Id).Concat(BuildRules()).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(GeneratorHarness.Root, "docs", "rules"), "KG*.md")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Rules_of_the_build_have_pages_and_help_links()
    {
        string targets = File.ReadAllText(BuildFile);
        Assert.All(BuildRules(), id =>
        {
            Assert.Contains($"HelpLink=\"https://github.com/kernelgen/kernelgen/blob/main/docs/rules/{id}.md\"", targets, StringComparison.Ordinal);
            Assert.StartsWith($"# {id}: ", Page(id), StringComparison.Ordinal);
            Assert.Contains($"[{id}]({id}.md)", Page("README"), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_rule_is_produced_by_a_test() => Assert.Equal(
        Descriptors.Select(static rule => rule.Id),
        MalformedDeclarations.All.Select(static item => item.Id)
            .Concat(SettingsTests.Rules)
            .Append(MissingEncoderTests.Rule)
            .Distinct()
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_page_s_example_is_wrong_and_its_fix_is_right(string id)
    {
        string[] code = [.. CodeBlocks().Matches(Page(id)).Select(static match => match.Groups[1].Value)];
        if (code.Length == 0)
        {
            Assert.StartsWith("KG01", id, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(2, code.Length);
        Assert.Equal(id, Assert.Single(GeneratorHarness.Run(code[0]).Diagnostics).Id);

        // The fix is valid C# too, apart from what the generator adds.
        Assert.DoesNotContain(GeneratorHarness.Run(code[1]).Diagnostics, static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
        Assert.DoesNotContain(
            GeneratorHarness.Compile(GeneratorHarness.Tree(code[1])).GetDiagnostics(),
            static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    private static string BuildFile => Path.Combine(GeneratorHarness.Root, "Runtime", "Package", "KernelGen.targets");

    /// <summary>The rules that the package's build files report.</summary>
    private static IEnumerable<string> BuildRules() =>
        BuildCodes().Matches(File.ReadAllText(BuildFile)).Select(static match => match.Groups[1].Value).Distinct();

    [GeneratedRegex("Code=\"(KG[0-9]{4})\"")]
    private static partial Regex BuildCodes();

    private static string Page(string name) => File.ReadAllText(Path.Combine(GeneratorHarness.Root, "docs", "rules", name + ".md"));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
