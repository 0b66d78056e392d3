using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Which tables are computed as minifloats, and which have no int8 kernels because 11-bit integers do not tell their values apart.</summary>
public sealed class MinifloatFormulaTests
{
    [Theory]
    [InlineData("Codes(8), Minifloat(4, 3)", 3, 0x7F, false)]
    [InlineData("Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)", 3, 0x7E, false)]
    [InlineData("Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)", 2, 0x7B, false)]
    [InlineData("Codes(8), Minifloat(3, 4, Bias = 100)", 4, 0x7F, false)]
    [InlineData("Codes(8), Minifloat(4, 3, Bias = -100)", 3, 0x7F, false)]
    [InlineData("Codes(7), Minifloat(2, 4)", 4, 0x3F, true)]
    [InlineData("Codes(6), Minifloat(3, 2)", 2, 0x1F, true)]
    [InlineData("Codes(5), Minifloat(2, 2, Specials = MinifloatSpecials.AllOnes)", 2, 0xE, true)]
    [InlineData("Codes(7), Minifloat(3, 3, ImplicitOne = false)", 3, 0x3F, true)]
    [InlineData("Codes(8), Minifloat(4, 3, ImplicitOne = false)", 3, 0x7F, false)]
    public void Minifloats(string codes, int mantissaBits, int finite, bool hasInt8)
    {
        FormatPlan plan = Plan(codes);
        Assert.NotNull(plan.Minifloat);
        Assert.Equal(mantissaBits, plan.Minifloat.MantissaBits);
        Assert.Equal(finite, plan.Minifloat.Finite);
        Assert.Equal(hasInt8, plan.HasInt8);
    }

    [Theory]
    [InlineData("Codes(8), Minifloat(4, 3, Bias = 127)", false)] // subnormal f32 numbers
    [InlineData("Codes(8), Minifloat(4, 3, ImplicitOne = false, Bias = 125)", false)] // the same
    [InlineData("Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee, SpecialValue = 0)", false)]
    [InlineData("Codes(3), Codebook(-4, -2, -1, 0, 1, 2, 4, 9)", true)]
    [InlineData("Codes(4), Codebook(CodebookFamily.PowersOfTwo)", true)]
    [InlineData("Codes(5), Codebook(CodebookFamily.PowersOfTwo)", false)]
    [InlineData("Codes(4), Codebook(CodebookFamily.NormalFloat)", true)]
    public void OtherTables(string codes, bool hasInt8)
    {
        FormatPlan plan = Plan(codes);
        Assert.Null(plan.Minifloat);
        Assert.Equal(hasInt8, plan.HasInt8);
    }

    /// <summary>In 16-bit lanes every code comes out as in the table; more than 16 magnitudes that are no normal numbers are too many.</summary>
    [Theory]
    [InlineData("Codes(8), Minifloat(4, 3)", 8)]
    [InlineData("Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)", 9)]
    [InlineData("Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)", 8)]
    [InlineData("Codes(8), Minifloat(3, 4)", 16)]
    [InlineData("Codes(8), Minifloat(3, 4, Specials = MinifloatSpecials.AllOnes)", 0)]
    [InlineData("Codes(6), Minifloat(3, 2)", 4)]
    public void BFloat16Lanes(string codes, int exceptions)
    {
        FormatPlan plan = Plan(codes);
        Assert.Equal(exceptions, plan.Minifloat?.BFloat16?.Exceptions.Count ?? 0);
        if (plan.Minifloat?.BFloat16 is not { } formula)
        {
            return;
        }

        for (int code = 0; code < plan.Values!.ValueBits.Count; code++)
        {
            int index = (((code + formula.Turn) & (formula.Magnitudes - 1)) + formula.Raise) & 0xFF;
            int wrong = index < 128 ? formula.Table[index & 15] : 0;
            short top = (short)(code << (16 - formula.Bits));
            int number = ((((top >> formula.Shift) & (formula.MagnitudeMask | short.MinValue)) + formula.Rebias) ^ wrong) << 16;
            int expected = plan.Values.ValueBits[code];
            Assert.True(number == expected || (float.IsNaN(System.BitConverter.Int32BitsToSingle(number)) && float.IsNaN(System.BitConverter.Int32BitsToSingle(expected))), $"code {code}");
        }
    }

    /// <summary>Which encoders compute codes from bits: a search declares its thresholds, a formula declares nothing.</summary>
    [Theory]
    [InlineData("Codes(8), Minifloat(4, 3)", "HalfToEvenCode", true)]
    [InlineData("Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)", "HalfAwayFromZero", true)]
    [InlineData("Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)", "WithoutCarry", true)]
    [InlineData("Codes(6), Minifloat(3, 2)", "HalfAwayFromZero", true)]
    [InlineData("Codes(8), Minifloat(4, 3)", "TowardZero", false)]
    [InlineData("Codes(8), Minifloat(4, 3)", "WithoutCarry, LogEpsilon = 1e-9", false)]
    [InlineData("Codes(8), Minifloat(4, 3, ImplicitOne = false)", "WithoutCarry", false)]
    [InlineData("Codes(4), Minifloat(2, 1)", "HalfToEvenCode", false)] // few enough to compare with
    public void Rounding(string codes, string rounding, bool computed)
    {
        var code = new CodeWriter();
        var nearest = new NearestEntry(Plan(codes, ", Rounding = CodeRounding." + rounding).Spec, new Avx2Target());
        nearest.Declare(code);
        Assert.Equal(computed, code.ToString().Length == 0);
        Assert.Equal(computed, nearest.IsOrdered);
    }

    private static FormatPlan Plan(string codes, string rounding = "") => FormatPlanner.Plan(
        DeclaredFormats.Parse($"using KernelGen; [Block(32), Scale(ScalarType.Float16), {codes}, Encode(RangeRule.AbsMax{rounding})] public readonly partial record struct F;").Single(), 8);
}
