using System;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>How parameters are stored in packed panels, and that they take no more bytes than they need.</summary>
public sealed class PanelPlannerTests
{
    private const int Rows = 8;

    [Theory]
    [InlineData("UInt4", "UInt4", 2 + 2 + 16, "NibblePairs")]
    [InlineData("UInt4, Multiply = 1, Add = 1", "UInt4", 2 + 2 + 32, "Pairs")] // up to 16
    [InlineData("UInt6", "UInt4", 2 + 2 + 32, "Pairs")]
    public void ScalesAndMinimaOfFourBitsShareBytes(string scale, string min, int bytesPerRow, string place)
    {
        PanelPlan panel = Panel($"Block(256), Scale(ScalarType.Float16), Min(ScalarType.Float16), Scale(ScalarType.{scale}, Per = 16), Min(ScalarType.{min}, Per = 16), Codes(2)");
        Assert.Equal(Rows * bytesPerRow, panel.CodesAt);
        Assert.Equal(2, panel.Fields.Count(field => $"{field.Place}" == place));
        Assert.Equal(panel.Fields.Count(static field => field.IsPairs), panel.Fields.Where(static field => field.IsPairs).Select(static field => (field.At, field.FromBit)).Distinct().Count());
    }

    [Theory]
    [InlineData("Selector(2), Pad(6)", 4, true)]
    [InlineData("Selector(4, Per = 32)", 6, false)] // of half a block
    public void TheTableOfAWholeBlockIsChosenOnce(string selector, int bits, bool apart)
    {
        string tables = string.Join(", ", Enumerable.Range(0, 1 << bits).Select(static i => i * 7 % 61));
        PanelPlan panel = Panel($"Block(64), Scale(ScalarType.Float16), {selector}, Codes({bits - (apart ? 2 : 4)}), Codebook({tables})");
        Assert.Equal(apart ? bits - 2 : bits, panel.CodeBits);
        Assert.Equal(panel.CodeBits, panel.PlaneBits.Sum());
        Assert.Equal(apart ? 1 : 0, panel.Fields.Count(static field => field.Place == PanelPlace.Selector));
        Assert.Equal(Rows * (2 + (apart ? 1 : 0)), panel.CodesAt);
    }

    [Theory]
    [InlineData("UInt8, Exponential = true, Multiply = -1", 1)]
    [InlineData("UInt8, Exponential = true, Multiply = -1, Add = 100", 1)]
    [InlineData("UInt4, Exponential = true, Multiply = -16", 1)]
    [InlineData("Int4, Exponential = true", 1)]
    [InlineData("Int8, Exponential = true", 4)] // from 2^127 down to 2^-128: two more than there are exponents of normal numbers
    [InlineData("UInt4, Wrap = true, Add = 3", 2)] // small integers are halves
    public void NumbersOfTablesTakeTheFewestBytes(string scale, int bytes)
    {
        PanelField field = Panel($"Block(32), Scale(ScalarType.{scale}), Codes(4)").Fields.Single();
        Assert.Equal(bytes, field.EntryBytes);
        Assert.Equal(bytes == 1, field.Power is not null);
    }

    [Theory]
    [InlineData("UInt8, Exponential = true, Multiply = -1")]
    [InlineData("UInt8, Exponential = true, Multiply = -1, Add = 100")]
    [InlineData("UInt8, Exponential = true, Multiply = -2, Add = 3")]
    [InlineData("UInt4, Exponential = true, Multiply = 10, Add = -149")]
    [InlineData("UInt4, Exponential = true, Multiply = -3, Add = -60")]
    public void ExponentsMakeTheNumbers(string scale)
    {
        FormatSpec spec = Spec($"Block(32), Scale(ScalarType.{scale}), Codes(4)");
        EquatableArray<int> numbers = spec.Parameters[0].Table;
        ExponentBytes exponents = ExponentBytes.Of(numbers)!;
        float power = MathF.ScaleB(1, exponents.Power);
        Assert.True(float.IsNormal(power));
        Assert.Equal(numbers, exponents.Fields.Select(field => BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(field << 23) * power)));
    }

    [Theory]
    [InlineData("typeof(Uneven)", 8, true)] // 4 bytes of the block's, 8 of its halves'
    [InlineData("typeof(Even)", 8, false)] // 4 and 4
    [InlineData("ScalarType.UInt8", 6, false)] // could not be had back
    public void LevelsOfTablesAreWorkedOutWhereThatIsShorter(string inner, int bytesPerRow, bool workedOut)
    {
        PanelPlan panel = Panel($"Block(64), Scale(ScalarType.Float32, Name = \"outer\"), Scale({inner}, Per = 32, Name = \"inner\"), Codes(4)");
        Assert.Equal(Rows * bytesPerRow, panel.CodesAt);
        Assert.Equal(workedOut ? 1 : 2, panel.Fields.Count);
        Assert.Equal(workedOut, panel.Fields.Any(static field => field.IsRole));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(7)]
    public void EveryQuadHasAFieldInEveryPlane(int bits)
    {
        PanelPlan panel = Panel($"Block(32), Scale(ScalarType.Float16), Codes({bits})");
        Assert.Equal(bits, panel.PlaneBits.Sum());
        foreach (int plane in panel.PlaneBits)
        {
            int[] quads = [.. Enumerable.Range(0, plane).SelectMany(vector => panel.QuadsOf(plane, vector))];
            Assert.Equal(Enumerable.Range(0, PanelPlan.ChunkQuads), quads.Order());
            for (int i = 0; panel.JoinsNibbles && i < 4; i++)
            {
                // Where quad i begins in its vector, and quad i + 4: in the same one, four bits on.
                int first = Array.IndexOf(quads, i) * plane;
                Assert.Equal(first + 4, Array.IndexOf(quads, i + 4) * plane);
                Assert.Equal(first / 8, (first + 4) / 8);
            }
        }

        Assert.Equal(bits == 3, panel.JoinsNibbles);
    }

    [Theory]
    [InlineData("Block(Extent.Row), Codes(4), LearnedCodebook(ScalarType.Float16)", (16 * 32) + 32 + (2 * 128))] // f32 numbers, factors, two planes of 16 bytes a row
    [InlineData("Block(Extent.Row), Codes(2), LearnedCodebook(ScalarType.Float16, Per = Extent.Tensor)", 32 + (2 * 16))]
    [InlineData("Block(10), Codes(2), LearnedCodebook(ScalarType.Float16, Per = Extent.Tensor)", 32 + (2 * 16))]
    [InlineData("Block(Extent.Row), Codes(5), LearnedCodebook(ScalarType.Float16)", 32 * 32)] // more numbers than a shuffle looks up
    [InlineData("Block(Extent.Row), Codes(4), LearnedCodebook(ScalarType.Float16, Per = Extent.Column)", 0)] // numbers of inputs are not in it
    [InlineData("Block(24), Codes(4), Scale(ScalarType.Float16, Per = 12), LearnedCodebook(ScalarType.Float16)", 16 * 32)] // three quads a segment
    public void IntegersOfStoredTablesStandInTheHeader(string attributes, int headerBytes)
    {
        FormatPlan plan = FormatPlanner.Plan(Spec(attributes), Rows);
        Assert.Equal(headerBytes, plan.Panel.HeaderBytes);
        Assert.Equal(plan.Panel.Integers is not null, plan.HasInt8);
        Assert.Equal(plan.Panel.Integers?.End ?? headerBytes, headerBytes);
    }

    private static PanelPlan Panel(string attributes) => FormatPlanner.Plan(Spec(attributes), Rows).Panel;

    private static FormatSpec Spec(string attributes) =>
        DeclaredFormats.Parse($"""
            using KernelGen;
            [{attributes}] public readonly partial record struct F;
            [Codes(1), Codebook(0.1, 0.7)] public readonly partial record struct Uneven;
            [Codes(1), Codebook(0.5, 0.75)] public readonly partial record struct Even;
            """).Single(static spec => spec.Type.Name == "F");
}
