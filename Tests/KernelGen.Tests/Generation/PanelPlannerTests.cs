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

    private static PanelPlan Panel(string attributes) => FormatPlanner.Plan(Spec(attributes), Rows).Panel;

    private static FormatSpec Spec(string attributes) =>
        DeclaredFormats.Parse($"""
            using KernelGen;
            [{attributes}] public readonly partial record struct F;
            [Codes(1), Codebook(0.1, 0.7)] public readonly partial record struct Uneven;
            [Codes(1), Codebook(0.5, 0.75)] public readonly partial record struct Even;
            """).Single(static spec => spec.Type.Name == "F");
}
