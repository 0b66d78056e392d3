using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Which formats GEMV looks activations' sums up for, and that their int16 sums cannot overflow.</summary>
public sealed class TableProductsTests
{
    [Theory]
    [InlineData("Block(128), Scale(ScalarType.Float16), Codes(1, CodeKind.Sign)", true)]
    [InlineData("Block(16), Scale(ScalarType.Float16), Codes(1)", true)]
    [InlineData("Block(Extent.Row), Scale(ScalarType.Float32, Per = Extent.Row), Codes(1, CodeKind.InvertedSign)", true)]
    [InlineData("Block(12), Scale(ScalarType.Float32), Codes(1)", false)] // three quads: no whole bytes
    [InlineData("Block(128), Scale(ScalarType.Float16), Scale(ScalarType.UInt6, Per = 32), Codes(1)", false)] // integer scales
    [InlineData("Block(32), Scale(ScalarType.Float16), Codes(1), Codebook(-1, 5)", false)] // a table of its own
    [InlineData("Block(64), Scale(ScalarType.Float16), Codes(2, Offset = -1)", false)]
    [InlineData("Block(32), Scale(ScalarType.Float16), Codes(4)", false)]
    public void OneBitIsLookedUp(string attributes, bool looksUp)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [{attributes}, Encode(RangeRule.AbsMax)] public readonly partial record struct F;").Single();
        foreach (Target target in TargetCatalogue.All)
        {
            PanelPlan panel = FormatPlanner.Plan(spec, target.PanelRows).Panel;
            Assert.Equal(looksUp, panel.HasTables);
            Assert.Equal((looksUp ? 4 : 1) * target.PanelRows, panel.Rows);
        }
    }

    [Fact]
    public void SumsOfASegmentFitInt16()
    {
        foreach (FormatPlan plan in DeclaredFormats.All.Values.Select(spec => FormatPlanner.Plan(spec, 8)).Where(plan => plan.Panel.HasTables))
        {
            Assert.InRange(plan.Grouping.QuadsPerSegment * 4 * 127, 0, short.MaxValue);
        }
    }
}
