using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Which zero points become part of the codes, and that nothing else of a format changes with them.</summary>
public sealed class JoinedZeroTests
{
    private const string Vectors = "Codes(2), Vector(4), Codebook(-1, 0, 1, 0, 1, 1, 0, 0, -1, -1, 0, 1, 0, 0, 1, 1)";

    [Theory]
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt1, Per = 8, Multiply = 0.25, Add = -0.125), " + Vectors, true)]
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt2, Per = 16, Multiply = 0.25, Add = -0.375), " + Vectors, true)]
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt3, Per = 8, Multiply = 0.25), Pad(4), " + Vectors, false)] // more tables than a shuffle looks up
    [InlineData("Scale(ScalarType.Float16, Per = 8), ZeroPoint(ScalarType.UInt1, Per = 8, Multiply = 0.25), " + Vectors, false)] // segments are no shorter for it
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.Float16, Per = 8), " + Vectors, false)]
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt1, Per = 4, Multiply = 0.25), " + Vectors, false)] // half a word
    [InlineData("Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt1, Per = 8, Multiply = 0.25), Codes(2), Codebook(-1, 0, 0.5, 1)", false)] // codes of single inputs
    public void ZeroPointsOfShortRunsOfVectorsJoin(string attributes, bool joins)
    {
        FormatSpec declared = DeclaredFormats.Parse($"using KernelGen; [Block(32), {attributes}] public readonly partial record struct F;").Single();
        FormatPlan plan = FormatPlanner.Plan(declared, 8);
        Assert.Same(declared, plan.Declared);
        Assert.Equal(joins, plan.Spec.Selector >= 0);
        Assert.Equal(joins ? 0 : 1, plan.Spec.Parameters.Count(static parameter => parameter.Role == ParameterRole.Zero));
        Assert.Equal(joins ? 32 : declared.Parameters.Min(static parameter => parameter.Inputs), plan.Grouping.Segment);
    }

    [Fact]
    public void TheCodesOfAnIq1mVectorTellItsZeroPoint()
    {
        FormatPlan plan = FormatPlanner.Plan(DeclaredFormats.All["KernelGen.Formats.IQ1_M"], 8);
        Assert.Equal([-0.875f, 0.125f, 1.125f, 1.125f, -1.125f, -0.125f, 0.875f, 0.875f], plan.Element.Codebook!.ValueBits.Select(FloatBits.ToSingle));
        Assert.True(plan.Scaling is { Integer: true, HasMin: false });
        Assert.Equal(16, plan.Grouping.Segment);
    }
}
