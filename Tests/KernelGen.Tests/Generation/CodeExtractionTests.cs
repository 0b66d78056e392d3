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
    [InlineData("Codes(8)", 0, 0, 0)]
    [InlineData("Codes(4, Stripe = 32)", 0, 0, 0)]
    [InlineData("Codes(4)", 2, 0, 0)] // two fields of a byte: widened, 32 codes at once
    [InlineData("Codes(4, HighFirst = true)", 2, 0, 0)]
    [InlineData("Codes(2)", 2, 0, 0)] // four
    [InlineData("Codes(2, HighFirst = true)", 2, 0, 0)]
    [InlineData("Codes(3)", 0, 8, 0)] // across bytes
    [InlineData("Codes(1)", 0, 0, 2)] // eight: tested
    [InlineData("Codes(1, HighFirst = true)", 0, 0, 2)]
    [InlineData("Codes(5), Plane(0, 4), Plane(4, 1)", 2, 0, 2)] // one plane of nibbles, widened, one of bits
    [InlineData("Codes(6), Plane(0, 4), Plane(4, 2)", 4, 0, 0)]
    public void FieldsInARowAreNotShuffled(string codes, int widened, int shuffled, int tested)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [Block(64), Scale(ScalarType.Float16), {codes}] public readonly partial record struct F;").Single();
        var code = new CodeWriter();
        Assert.True(CodeExtraction.TryCodes(code, spec, new Avx2Target(), "codes"));
        Assert.Equal(widened, Count(code, "Avx2.ConvertToVector256Int") + Count(code, "Vector128.WidenLower(Vector128.CreateScalar"));
        Assert.Equal(shuffled, Count(code, "Vector128.Shuffle("));
        Assert.Equal(tested, Count(code, "Vector256.Equals("));
    }

    [Theory]
    [InlineData(32, "Codes(6)", true)]
    [InlineData(64, "Codes(3)", true)]
    [InlineData(24, "Codes(5)", true)]
    [InlineData(20, "Codes(6)", false)] // no whole vectors
    [InlineData(32, "Codes(4)", false)] // no code in two bytes
    [InlineData(32, "Codes(6), Plane(0, 4), Plane(4, 2)", false)] // all in two
    [InlineData(256, "Codes(3)", false)] // more vectors than are written one after another
    public void CodesAcrossBytesOfShortBlocksNeedNoBuffer(int inputs, string codes, bool expected)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [Block({inputs}), Scale(ScalarType.Float16), {codes}] public readonly partial record struct F;").Single();
        Assert.Equal(expected, CodeLanes.Of(spec, new Avx2Target(), 16) is not null);
        Assert.Null(CodeLanes.Of(spec, new Vector128Target(), 16));
    }

    /// <summary>Eight fields 4 bytes apart span two windows of 16 bytes, 8 bytes apart four; farther apart they are read one by one.</summary>
    [Theory]
    [InlineData(32, 2)]
    [InlineData(64, 4)]
    [InlineData(128, 0)]
    public void EntriesFarApartAreShuffledFromSeveralWindows(int stride, int windows)
    {
        int group = stride - 8;
        FormatSpec spec = DeclaredFormats.Parse($"""
            using KernelGen;
            [Block({8 * group}), Codes(1), Slice("codes", 1, 8, {group}, 1, 8, {stride})]
            [Scale(ScalarType.UInt4, Per = {group}, Name = "s"), Slice("s", 4, 0, 8, {stride})]
            [Min(ScalarType.UInt4, Per = {group}, Name = "m"), Slice("m", 4, 4, 8, {stride})]
            public readonly partial record struct F;
            """).Single();
        var code = new CodeWriter();
        Assert.Equal(windows > 0, CodeExtraction.TryEntries(code, spec, new Avx2Target(), 0, "entries"));
        Assert.Equal(windows, Count(code, "Vector128.Shuffle("));
    }

    /// <summary>Digits are stored 8 at a time, whole words together.</summary>
    [Theory]
    [InlineData(40, "Digits(3, 5, Used = 1)", false)]
    [InlineData(40, "Digits(3, 5, Used = 2)", true)]
    [InlineData(40, "Digits(3, 5, Used = 4)", true)]
    [InlineData(20, "Digits(3, 5, Used = 2)", false)] // the last four would be half a store
    [InlineData(40, "Digits(3, 5)", false)] // five do not fit
    [InlineData(40, "Digits(3, 5, Used = 4, Stripe = 2)", false)]
    public void DigitsAreLookedUpWhereTheyFillWholeStores(int inputs, string digits, bool lookedUp)
    {
        FormatSpec spec = DeclaredFormats.Parse($"using KernelGen; [Block({inputs}), Codes(2, CodeKind.Trit), {digits}, Scale(ScalarType.Float16)] public readonly partial record struct F;").Single();
        Assert.Equal(lookedUp, DigitExpansion.HasTable(spec));
    }

    private static int Count(CodeWriter code, string what) => code.ToString().Split(what).Length - 1;
}
