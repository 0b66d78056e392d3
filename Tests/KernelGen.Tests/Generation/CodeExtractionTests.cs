using System;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Kernels;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>How vectors cut codes out of blocks: that bytes are shuffled only where fields do not stand in a row.</summary>
public sealed class CodeExtractionTests
{
    [Theory]
    [InlineData("Codes(8)", 0, 0)]
    [InlineData("Codes(4, Stripe = 32)", 0, 0)]
    [InlineData("Codes(4)", 2, 0)] // two fields of a byte: widened, 32 codes at once
    [InlineData("Codes(4, HighFirst = true)", 2, 0)]
    [InlineData("Codes(2)", 2, 0)] // four
    [InlineData("Codes(2, HighFirst = true)", 2, 0)]
    [InlineData("Codes(3)", 0, 8)] // across bytes
    [InlineData("Codes(1)", 0, 8)]
    [InlineData("Codes(5), Plane(0, 4), Plane(4, 1)", 4, 8)] // one plane of nibbles, widened, one of bits
    [InlineData("Codes(6), Plane(0, 4), Plane(4, 2)", 4, 0)]
    public void FieldsInARowAreNotShuffled(string codes, int widened, int shuffled)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [Block(64), Scale(ScalarType.Float16), {codes}] public readonly partial record struct F;").Single();
        var code = new CodeWriter();
        Assert.True(CodeExtraction.TryCodes(code, spec, new Avx2Target(), "codes"));
        Assert.Equal(widened, Count(code, "Avx2.ConvertToVector256Int") + Count(code, "Vector128.WidenLower(Vector128.CreateScalar"));
        Assert.Equal(shuffled, Count(code, "Vector128.Shuffle("));
    }

    /// <summary>A word's digits are stored as four bytes: of one digit, the last but one word's would end two bytes behind the codes.</summary>
    [Theory]
    [InlineData("Digits(3, 5, Used = 1)", false)]
    [InlineData("Digits(3, 5, Used = 2)", true)]
    [InlineData("Digits(3, 5, Used = 4)", true)]
    [InlineData("Digits(3, 5)", false)] // five do not fit
    [InlineData("Digits(3, 5, Used = 4, Stripe = 2)", false)]
    public void DigitsAreLookedUpWhereTheirStoresStayInTheCodes(string digits, bool lookedUp)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [Block(40), Codes(2, CodeKind.Trit), {digits}, Scale(ScalarType.Float16)] public readonly partial record struct F;").Single();
        Assert.Equal(lookedUp, DigitExpansion.HasTable(spec));
    }

    private static int Count(CodeWriter code, string what) => code.ToString().Split(what).Length - 1;
}
