using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Where the bits of known formats stand, by their published definitions.</summary>
public sealed class LayoutTests
{
    private const int Codes = SliceSpec.CodesQuantity;

    [Fact]
    public void Q4_0()
    {
        FormatSpec spec = Valid("""
            [Block(32), Scale(ScalarType.Float16), Codes(4, Offset = -8, Stripe = 16)]
            [Encode(RangeRule.SignedMax, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
            public partial struct Q4_0;
            """);
        Assert.Equal(new BlockSpec(32, 18, RaggedRule.Pad, IsWholeRow: false), spec.Block);
        Assert.Equal(new CodeSpec(4, CodeNumber.Unsigned, -8), spec.Codes);
        Assert.Equal(new EncodeSpec(EncodeRange.SignedMax, EncodeRounding.HalfUp, true, true, 0, 0), spec.Encode);
        Assert.Equal(
        [
            new SliceSpec(0, 0, 0, 16, 0, EquatableArray<Dimension>.Empty),
            new SliceSpec(Codes, 0, 0, 4, 16, new([new(16, 8), new(2, 4)])),
        ],
        spec.Slices);
        for (int j = 0; j < 16; j++)
        {
            CodeAt(spec, j, 0, 4, 8 * (2 + j));
            CodeAt(spec, j + 16, 0, 4, (8 * (2 + j)) + 4);
        }
    }

    [Fact]
    public void Q5_0()
    {
        FormatSpec spec = Valid(
            "[Block(32), Scale(ScalarType.Float16), Plane(4, 1), Plane(0, 4, Stripe = 16), Codes(5, Offset = -16)] public partial struct Q5_0;");
        Assert.Equal(22, spec.Block.Bytes);
        for (int j = 0; j < 32; j++)
        {
            CodeAt(spec, j, 4, 1, 16 + j);
            CodeAt(spec, j, 0, 4, (8 * (6 + (j % 16))) + (4 * (j / 16)));
        }
    }

    [Fact]
    public void Q4_K()
    {
        FormatSpec spec = Valid("""
            [Block(256)]
            [Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
            [Scale(ScalarType.UInt6, Per = 32), Min(ScalarType.UInt6, Per = 32)]
            [Slice("scale32", 6, 32, 4, 8), Slice("min32", 6, 64, 4, 8)]
            [Slice("scale32", 4, 96, 4, 8, First = 4), Slice("scale32", 2, 38, 4, 8, First = 4, FromBit = 4)]
            [Slice("min32", 4, 100, 4, 8, First = 4), Slice("min32", 2, 70, 4, 8, First = 4, FromBit = 4)]
            [Codes(4, Stripe = 32)]
            public partial struct Q4_K;
            """);
        Assert.Equal(144, spec.Block.Bytes);
        Assert.Equal(["scale256", "min256", "scale32", "min32"], spec.Parameters.Select(static parameter => parameter.Name));
        Assert.Equal([false, true, false, false], spec.Parameters.Select(static parameter => parameter.Negative));
        Assert.Equal([256, 256, 32, 32], spec.Parameters.Select(static parameter => parameter.Inputs));
        Assert.Equal(EncodeRange.MinMax, spec.Encode.Range);
        const int S = 8 * 4;
        for (int j = 0; j < 8; j++)
        {
            for (int bit = 0; bit < 6; bit++)
            {
                int scale = j < 4 ? S + (8 * j) + bit
                    : bit < 4 ? S + (8 * (j + 4)) + bit
                    : S + (8 * (j - 4)) + 6 + bit - 4;
                int min = j < 4 ? S + (8 * (j + 4)) + bit
                    : bit < 4 ? S + (8 * (j + 4)) + 4 + bit
                    : S + (8 * j) + 6 + bit - 4;
                Assert.Equal(scale, Soundness.Find(spec, 2, j, bit));
                Assert.Equal(min, Soundness.Find(spec, 3, j, bit));
            }
        }

        for (int c = 0; c < 4; c++)
        {
            for (int l = 0; l < 32; l++)
            {
                CodeAt(spec, (64 * c) + l, 0, 4, 8 * (16 + (32 * c) + l));
                CodeAt(spec, (64 * c) + 32 + l, 0, 4, (8 * (16 + (32 * c) + l)) + 4);
            }
        }
    }

    [Fact]
    public void Q6_K()
    {
        FormatSpec spec = Valid("""
            [Block(256), Codes(6, Offset = -32)]
            [Slice("codes", 4, 0, 64, 8, 2, 4, 2, 512), Slice("codes", 2, 1024, 32, 8, 4, 2, 2, 256, FromBit = 4)]
            [Scale(ScalarType.Int8, Per = 16), Scale(ScalarType.Float16)]
            public partial struct Q6_K;
            """);
        Assert.Equal(210, spec.Block.Bytes);
        for (int e = 0; e < 256; e++)
        {
            (int h, int g, int l) = (e / 128, e / 32 % 4, e % 32);
            CodeAt(spec, e, 0, 4, (8 * ((64 * h) + (32 * (g & 1)) + l)) + (g < 2 ? 0 : 4));
            CodeAt(spec, e, 4, 2, (8 * (128 + (32 * h) + l)) + (2 * g));
        }

        Assert.Equal(8 * 192, Soundness.Find(spec, 0, 0, 0));
        Assert.Equal((8 * 207) + 7, Soundness.Find(spec, 0, 15, 7));
        Assert.Equal(8 * 208, Soundness.Find(spec, 1, 0, 0));
    }

    [Fact]
    public void Vectors_signs_and_digits_are_quantities_of_their_own()
    {
        FormatSpec vectors = GeneratorHarness.Parse(GeneratorHarness.Run("""
            [Block(16), Codes(2), Vector(4), Codebook(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), Signs(8, Parity = 0)]
            [Slice("signs", 7, 8), Slice("signs", 7, 16, First = 1), Scale(ScalarType.UInt2, Name = "s"), Slice("s", 1, 15), Slice("s", 1, 23, FromBit = 1)]
            public partial struct Vectors;
            """)).Single().Spec!;
        Soundness.Check(vectors);
        Assert.Equal((4, 2, 4), (vectors.StoredCodes, vectors.StoredCodeBits, vectors.Codes.Length));
        Assert.Equal(new SignSpec(0, 0), vectors.Signs);
        Assert.Equal(new StoredType(StoredClass.Unsigned, 7), vectors.Parameters[0].Type);
        Assert.Equal(3, vectors.Block.Bytes);

        FormatSpec digits = Valid("[Block(40), Codes(2, CodeKind.Trit), Digits(3, 5, Inputs = 20, Stripe = 2), Digits(3, 5, Used = 4), Scale(ScalarType.Float16)] public partial struct Digits;");
        Assert.Equal(
            [new DigitRun(3, 5, 5, 8, false, 2, 0, 20, 0), new DigitRun(3, 5, 4, 8, false, 1, 20, 20, 4)],
            digits.Digits);
        Assert.Equal((9, 8, 11), (digits.StoredCodes, digits.StoredCodeBits, digits.Block.Bytes));
    }

    [Theory]
    [InlineData("Minifloat(4, 3, Signed = false, Specials = MinifloatSpecials.AllOnes, SpecialValue = 0)", 8, 0x7E, 448f)]
    [InlineData("Minifloat(4, 3, Signed = false, Specials = MinifloatSpecials.AllOnes, SpecialValue = 0)", 8, 0x7F, 0f)]
    [InlineData("Minifloat(4, 3, Signed = false, Specials = MinifloatSpecials.AllOnes, SpecialValue = 0)", 8, 0xFF, 480f)]
    [InlineData("Minifloat(4, 3, Signed = false, Specials = MinifloatSpecials.AllOnes, SpecialValue = 0)", 8, 7, 7f / 512)]
    [InlineData("Minifloat(5, 2, Specials = MinifloatSpecials.Ieee, SpecialValue = 1)", 8, 0xFC, 1f)]
    [InlineData("Minifloat(5, 2, Specials = MinifloatSpecials.Ieee, SpecialValue = 1)", 8, 0xFB, -57344f)]
    [InlineData("Minifloat(2, 1)", 4, 0xF, -6f)]
    [InlineData("Minifloat(2, 1)", 4, 1, 0.5f)]
    [InlineData("Minifloat(3, 0, Bias = 0)", 4, 7, 128f)]
    public void A_minifloat_is_a_table(string minifloat, int bits, int code, float value)
    {
        FormatSpec spec = Valid($"[Block(32), Codes(8), Scale(typeof(S), Per = 4)] public partial struct F; [Codes({bits}), {minifloat}] public partial struct S;");
        Assert.Equal(value, BitConverter.Int32BitsToSingle(spec.Parameters[0].Table[code]));
    }

    [Fact]
    public void Nf4_has_the_first_of_two_in_the_high_half()
    {
        FormatSpec spec = Valid(
            "[Block(64), Codes(4, HighFirst = true), Codebook(CodebookFamily.NormalFloat), Scale(ScalarType.Float32)] public partial struct Nf4;");
        Assert.Equal(36, spec.Block.Bytes);
        for (int e = 0; e < 64; e++)
        {
            CodeAt(spec, e, 0, 4, (8 * (e / 2)) + (e % 2 == 0 ? 4 : 0));
        }

        Assert.Equal(new SliceSpec(0, 0, 0, 32, 256, EquatableArray<Dimension>.Empty), spec.Slices[1]);
        float[] table = [.. spec.Codebook!.ValueBits.Select(BitConverter.Int32BitsToSingle)];
        Assert.Equal(16, table.Length);
        Assert.Equal([-1f, -0.6961928009986877f, 0f, 0.07958029955625534f, 1f], [table[0], table[1], table[7], table[8], table[15]]);
    }

    [Fact]
    public void Whole_row_ternary_stores_its_codes_only()
    {
        FormatSpec spec = Valid("""
            [Block(Extent.Row), Codes(2, CodeKind.Trit), Scale(ScalarType.Float16, Per = Extent.Row)]
            [Encode(RangeRule.AbsMean)]
            public partial struct Ternary;
            """);
        Assert.Equal(new BlockSpec(128, 32, RaggedRule.Short, IsWholeRow: true), spec.Block);
        Assert.Equal(new SliceSpec(Codes, 0, 0, 2, 0, new([new(128, 2)])), Assert.Single(spec.Slices));
        Assert.Equal(
            new ParameterSpec(ParameterRole.Scale, "scale", new StoredType(StoredClass.Float16, 16), ParameterExtent.Row, 0, 1, 0, Negative: false),
            Assert.Single(spec.Parameters));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(3, 48)]
    [InlineData(5, 80)]
    [InlineData(7, 112)]
    public void A_whole_row_block_is_whole_bytes_at_every_width(int bits, int bytes) =>
        Assert.Equal(bytes, Valid($"[Block(Extent.Row), Codes({bits})] public partial struct F;").Block.Bytes);

    [Fact]
    public void I2_S_stripes_four_groups_of_32_high_bits_first()
    {
        FormatSpec spec = Valid("[Block(256), Codes(2, CodeKind.Trit, Stripe = 32, HighFirst = true)] public partial struct I2S;");
        for (int e = 0; e < 256; e++)
        {
            CodeAt(spec, e, 0, 2, (256 * (e / 128)) + (8 * (e % 32)) + 6 - (2 * (e / 32 % 4)));
        }
    }

    [Fact]
    public void Single_bits_are_striped_like_the_K_types()
    {
        FormatSpec spec = Valid("[Block(256), Plane(4, 1, Stripe = 32), Plane(0, 4, Stripe = 32), Codes(5)] public partial struct F;");
        for (int e = 0; e < 256; e++)
        {
            CodeAt(spec, e, 4, 1, (8 * (e % 32)) + (e / 32));
        }
    }

    [Fact]
    public void Narrow_fields_are_packed_and_rounded_up_to_bytes()
    {
        FormatSpec spec = Valid("""
            [Block(15), Scale(ScalarType.UInt6, Per = 5), Min(ScalarType.UInt1, Per = 5), Codes(3), Scale(ScalarType.Float16)]
            public partial struct F;
            """);
        Assert.Equal(
        [
            new SliceSpec(0, 0, 0, 6, 0, new([new(3, 6)])),
            new SliceSpec(1, 0, 0, 1, 24, new([new(3, 1)])),
            new SliceSpec(Codes, 0, 0, 3, 32, new([new(15, 3)])),
            new SliceSpec(2, 0, 0, 16, 80, EquatableArray<Dimension>.Empty),
        ],
        spec.Slices);
        Assert.Equal(12, spec.Block.Bytes);
    }

    [Fact]
    public void A_field_after_slices_stands_after_the_furthest()
    {
        FormatSpec spec = Valid("""
            [Block(8), Codes(4), Slice("codes", 4, 8, 7, 4), Slice("codes", 4, 0, First = 7), Slice("scale", 4, 4), Scale(ScalarType.UInt4), Min(ScalarType.UInt8)]
            public partial struct F;
            """);
        Assert.Equal(new SliceSpec(1, 0, 0, 8, 40, EquatableArray<Dimension>.Empty), spec.Slices[^1]);
        Assert.Equal(6, spec.Block.Bytes);
    }

    [Fact]
    public void A_slice_may_take_the_bits_that_earlier_slices_left_before_a_field()
    {
        FormatSpec spec = Valid("""
            [Block(8), Scale(ScalarType.UInt4), Slice("scale", 4, 0), Codes(4), Min(ScalarType.UInt4), Slice("min", 4, 4)]
            public partial struct F;
            """);
        Assert.Equal(5, spec.Block.Bytes);
        Assert.Equal(4, Soundness.Find(spec, 1, 0, 0));
        CodeAt(spec, 0, 0, 4, 8);
    }

    [Theory]
    [InlineData("Codes(4)")]
    [InlineData("Codes(3)")]
    [InlineData("Codes(4, HighFirst = true)")]
    [InlineData("Codes(8, Stripe = 16)")]
    [InlineData("Codes(4), Plane(0, 4)")]
    [InlineData("Codes(4), Slice(\"codes\", 4, 0, 32, 4)")]
    [InlineData("Codes(4), Scale(ScalarType.Float16, Per = Extent.Row), ZeroPoint(ScalarType.Int8, Per = Extent.Row)")]
    public void A_short_last_block_is_possible_in_input_order(string fields) =>
        Assert.Equal(RaggedRule.Short, Valid($"[Block(32, Ragged = RaggedRows.Short), {fields}] public partial struct F;").Block.Ragged);

    [Theory]
    [InlineData("Codes(4)", "AbsMax")]
    [InlineData("Codes(4), Scale(ScalarType.Float16)", "AbsMax")]
    [InlineData("Codes(4), Scale(ScalarType.Float16), Min(ScalarType.Float16)", "MinMax")]
    [InlineData("Codes(4), Scale(ScalarType.Float16, Per = Extent.Row), ZeroPoint(ScalarType.UInt4, Per = Extent.Row)", "MinMax")]
    public void The_encoder_defaults_to_the_parameters(string fields, string expected) => Assert.Equal(
        new EncodeSpec(Enum.Parse<EncodeRange>(expected), EncodeRounding.HalfToEven, false, false, 0, 0),
        Valid($"[Block(32), {fields}] public partial struct F;").Encode);

    [Theory]
    [InlineData("scale", "Scale 0")]
    [InlineData("scale min zero", "Scale 0", "Min 8", "Zero -1")]
    [InlineData("scale32 scale16", "Scale 0", "Scale 16")]
    [InlineData("d scale16", "Scale 0 d", "Scale 16")]
    [InlineData("zeroRow zeroTensor scale", "Zero -1", "Zero -2", "Scale 32")]
    public void Names_are_made_from_role_and_extent(string expected, params string[] parameters)
    {
        LocationInfo nowhere = new(string.Empty, 0, 0, 0, 0, 0, 0);
        DiagnosticBag diagnostics = new();
        DeclaredParameter[] declared = [.. parameters
            .Select(static text => text.Split(' '))
            .Select(parts => new DeclaredParameter(
                nowhere,
                Enum.Parse<ParameterRole>(parts[0]),
                Type: 1,
                Scalar: null,
                Per: int.Parse(parts[1], CultureInfo.InvariantCulture),
                Name: parts.ElementAtOrDefault(2),
                Multiply: 1,
                Add: 0,
                Sign: 1))];
        Assert.Equal(
            expected.Split(' '),
            ParameterRules.Read(Of(declared), diagnostics).Select(static parameter => parameter.Name));
        Assert.Empty(diagnostics.ToEquatableArray());

        static Declaration Of(IEnumerable<DeclaredAttribute> fields) => new(
            new TypeSpec(string.Empty, "F", EquatableArray<string>.Empty, "public", IsRecord: false, IsReadOnly: false),
            new DeclaredBlock(new LocationInfo(string.Empty, 0, 0, 0, 0, 0, 0), 32, null),
            Codes: null,
            new DeclaredElement(null, null, null, null, null, EquatableArray<DeclaredDigits>.Empty),
            Encode: null,
            fields.ToEquatableArray());
    }

    [Fact]
    public void NormalFloat_is_the_published_construction()
    {
        double[] nf3 = [-1, -0.4786291601, -0.2171418178, 0, 0.1609301727, 0.3379151935, 0.5626169701, 1];
        double[] nf2 = [-1, 0, 0.3379151935, 1];
        Assert.All(nf2.Zip(NormalFloat.Table(2)), static pair => Assert.Equal(pair.First, pair.Second, 1e-7));
        Assert.All(nf3.Zip(NormalFloat.Table(3)), static pair => Assert.Equal(pair.First, pair.Second, 1e-7));

        // The listed table of 4 bits was made in f32.
        Assert.All(NormalFloat.Table(4).Zip(NormalFloat.Construct(4)), static pair => Assert.Equal(pair.First, pair.Second, 2e-7));
        for (int bits = 2; bits <= 8; bits++)
        {
            double[] table = [.. NormalFloat.Table(bits)];
            Assert.Equal(1 << bits, table.Length);
            Assert.Equal(table.Order(), table);
            Assert.Equal(0, table[(1 << (bits - 1)) - 1]);
            Assert.Equal([-1, 1], [table[0], table[^1]]);
        }
    }

    [Fact]
    public void Every_format_of_the_catalogue_is_sound()
    {
        GeneratorRunResult result = GeneratorHarness.Run(GeneratorHarness.Compile(GeneratorHarness.Catalogue()), "Scalar");
        Assert.DoesNotContain(result.Diagnostics, static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);
        Assert.All(GeneratorHarness.Parse(result), static item => Soundness.Check(Assert.IsType<FormatSpec>(item.Spec)));
    }

    private static FormatSpec Valid(string source)
    {
        FormatSpec spec = GeneratorHarness.Spec(source);
        Soundness.Check(spec);
        return spec;
    }

    private static void CodeAt(FormatSpec spec, int element, int fromBit, int bits, int at)
    {
        for (int bit = 0; bit < bits; bit++)
        {
            Assert.Equal(at + bit, Soundness.Find(spec, Codes, element, fromBit + bit));
        }
    }
}
