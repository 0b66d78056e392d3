using System;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed class MalformedDeclarationTests
{
    private const string Good = "\n[Block(32), Codes(4, Offset = -8), Scale(ScalarType.Float16)] public partial struct Good;\n";

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            TheoryData<string, string, string> data = [];
            foreach ((string id, string at, string source) in MalformedDeclarations.All)
            {
                data.Add(id, at, source);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_an_error_at_its_attribute_and_nothing_is_emitted(string id, string at, string source)
    {
        SyntaxTree tree = GeneratorHarness.Tree(source + Good);
        GeneratorRunResult result = GeneratorHarness.Run(GeneratorHarness.Compile(tree));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Equal(at, tree.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal("Formats.cs", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(tree.GetLineSpan(diagnostic.Location.SourceSpan).Span, diagnostic.Location.GetLineSpan().Span);
        Assert.DoesNotContain("{", diagnostic.GetMessage(null), StringComparison.Ordinal);

        Assert.DoesNotContain(result.GeneratedSources, static file => file.HintName.Contains("Bad", StringComparison.Ordinal));
        Assert.Contains(result.GeneratedSources, static file => file.HintName.StartsWith("Good.", StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_that_do_not_depend_on_each_other_are_reported_together()
    {
        GeneratorRunResult result = GeneratorHarness.Run(
            "[Block(32), Codes(9), Scale(ScalarType.Float16, Per = 24), Min(ScalarType.Float16, Sign = 3)] public struct Bad;");
        Assert.Equal(["KG0001", "KG0020", "KG0030", "KG0035"], result.Diagnostics.Select(static diagnostic => diagnostic.Id).Order());
    }

    [Theory]
    [InlineData("[Block(32), Codes(Unknown)] public partial struct Bad;")]
    [InlineData("[Block(), Codes(4)] public partial struct Bad;")]
    [InlineData("[Block(\"a\"), Codes(4)] public partial struct Bad;")]
    [InlineData("[Block(32), Codes(4), Slice(\"codes\", 1, 1, Unknown, 1)] public partial struct Bad;")]
    [InlineData("[Block(32), Codes(4), Scale(ScalarType.Nothing)] public partial struct Bad;")]
    [InlineData("[Block(32), Codes(4), Codebook(1, Unknown)] public partial struct Bad;")]
    public void What_the_compiler_rejects_is_left_to_it(string source)
    {
        GeneratorRunResult result = GeneratorHarness.Run(source);
        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.GeneratedSources);
    }

    [Theory]
    [InlineData("[Block(32), Codes(4)] partial struct Bad; [Block(32), Codes(4)] partial struct Bad;")]
    [InlineData("[Block(32), Codes(4)] partial struct Bad; [Block(32), Codes(4)] partial record struct Bad;")]
    [InlineData("[Block(32), Codes(4)] partial struct Bad; [Block(32), Codes(4)] struct Bad;")]
    [InlineData("[Block(32), Block(64), Codes(4), Codes(5)] partial struct Bad;")]
    public void Declared_twice_does_not_throw(string source) => GeneratorHarness.Run(source);

    [Fact]
    public void Foreign_attributes_of_the_same_name_are_not_read()
    {
        GeneratorRunResult result = GeneratorHarness.Run("""
            namespace Other { class ScaleAttribute : System.Attribute; class CodesAttribute : System.Attribute; }
            [Block(32), Codes(4, Offset = -8), Other.Scale] public partial struct Good;
            [Other.Codes] public partial struct NoFormat;
            """);
        Assert.Empty(result.Diagnostics);
        Assert.Contains(result.GeneratedSources, static file => file.HintName.StartsWith("Good.", StringComparison.Ordinal));
    }
}
