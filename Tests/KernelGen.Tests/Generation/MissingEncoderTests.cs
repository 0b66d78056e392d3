using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Formats whose parameters the generator cannot find from weights: read and multiplied, and said so.</summary>
public sealed class MissingEncoderTests
{
    internal const string Rule = "KG0053";

    [Theory]
    [InlineData("[Block(32), Codes(4), Scale(ScalarType.Float16), Min(ScalarType.Float16), ZeroPoint(ScalarType.UInt4)]", "Block(32)")]
    [InlineData("[Block(32), Codes(4), Min(ScalarType.Float16)]", "Block(32)")]
    [InlineData("[Block(32), Codes(4, Offset = -8), Scale(ScalarType.Float16, Per = Extent.Tensor), Scale(ScalarType.Float16), Encode(RangeRule.AbsMax)]", "Encode(RangeRule.AbsMax)")]
    public void Are_generated_with_a_note(string attributes, string at)
    {
        string source = attributes + " public partial record struct Mine;";
        GeneratorRunResult result = GeneratorHarness.Run(source);
        Diagnostic note = Assert.Single(result.Diagnostics);
        Assert.Equal((Rule, DiagnosticSeverity.Info), (note.Id, note.Severity));
        Assert.EndsWith(at, note.Location.SourceTree is null ? at : source.Substring(note.Location.SourceSpan.Start, note.Location.SourceSpan.Length));
        Assert.Contains(result.GeneratedSources, static file => file.HintName == "Mine.Scalar.g.cs");
    }
}
