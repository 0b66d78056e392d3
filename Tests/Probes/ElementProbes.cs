namespace KernelGen.Probes;

/// <summary>Vectors of two values, none of them an integer, in a stream of 3-bit indexes; no signs.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(3), Vector(2), Codebook(0, 0, 0.1, 0.7, -0.7, 0.3, 1, -1, 0.25, 0, -0.0, 0.6, 0.9, 0.9, -1, 0.1)]
public readonly partial record struct VectorPairs;

/// <summary>Vectors of three values with a zero among them, signs of six inputs, the sign of input 2 left to parity.</summary>
[Block(48)]
[Scale(ScalarType.Float32), Min(ScalarType.BFloat16, Per = 12)]
[Codes(2), Vector(3), Codebook(0, 1, 3, 1, 1, 1, 5, 0, 1, 3, 3, 5)]
[Signs(6, Parity = 2)]
public readonly partial record struct VectorSigns;

/// <summary>Integers with signs of their own, the first of each eight left to parity, and a sum.</summary>
[Block(64)]
[Signs(8, Parity = 0)]
[Codes(3, Offset = 1), StoredSum(ScalarType.Float32, Per = 16)]
[Scale(ScalarType.Float16, Per = 16)]
public readonly partial record struct SignedIntegers;

/// <summary>Vectors of four from a file, indexes of nine bits in words of sixteen.</summary>
[Block(64)]
[Codes(9), Vector(4), CodebookFile("probe-grid.txt"), Slice("codes", 9, 0, 16, 16), Scale(ScalarType.UInt7, Per = 4, Name = "s"), Slice("s", 7, 9, 16, 16)]
public readonly partial record struct VectorFile;

/// <summary>Vectors of four quarters with a zero point of two bits for 16 of the 32 inputs of an integer scale: it joins the codes (four tables of four ranks).</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[Codes(3), Vector(4), Codebook(-1, 0, 0.5, 1, 0, 0, -1, 0.5, 1, 1, 0.5, 0.5, -1, -1, 0, 1, 0.5, 0, 0, -1, 0, 1, 0, 1, 0.5, 0.5, -1, 0, 1, -1, 1, 0)]
[ZeroPoint(ScalarType.UInt2, Per = 16, Multiply = -0.5, Add = 0.75), Scale(ScalarType.UInt4, Per = 32)]
public readonly partial record struct JoinedZeros;

/// <summary>Three digits to the radix 5 in words of seven bits, the number itself.</summary>
[Block(48)]
[Codes(3, Offset = -2), Digits(5, 3, Bits = 7)]
[Scale(ScalarType.BFloat16)]
[Encode(RangeRule.AbsMax, Limit = 2)]
public readonly partial record struct DigitsOfFive;

/// <summary>Fractions of sixteen bits, ten digits to the radix 3 in stripes, and a run that uses four of them.</summary>
[Block(128)]
[Codes(2, CodeKind.Trit)]
[Digits(3, 10, Bits = 16, Fraction = true, Stripe = 4, Inputs = 80)]
[Digits(3, 10, Bits = 16, Fraction = true, Stripe = 12, Used = 4)]
[Scale(ScalarType.Float16)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct DigitFractions;

/// <summary>An E5M2 element with a scale of a scalar type per row, whose numbers are no halves.</summary>
[Block(32)]
[Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee, SpecialValue = 0)]
[Scale(typeof(Thirds), Per = 8), Scale(ScalarType.Float32, Per = Extent.Row)]
public readonly partial record struct Fp8Thirds;

/// <summary>Four numbers in two bits.</summary>
[Codes(2), Codebook(0.333333, 0.1, -3, 1)]
public readonly partial record struct Thirds;

/// <summary>Plain halves with a scale, in blocks.</summary>
[Block(40)]
[Codes(16), Minifloat(5, 10, Specials = MinifloatSpecials.Ieee)]
[Scale(ScalarType.BFloat16, Per = 8)]
public readonly partial record struct ScaledHalves;

/// <summary>FP8 with infinities and NaN.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfToEvenCode)]
public readonly partial record struct Fp8Specials;

/// <summary>FP5 whose codes of ones are NaN, between integers.</summary>
[Block(24)]
[Codes(5), Minifloat(2, 2, Specials = MinifloatSpecials.AllOnes)]
[Scale(ScalarType.BFloat16, Per = 12)]
public readonly partial record struct Fp5Nan;

/// <summary>Pairs of digits to the radix 5 as signs and magnitudes, in stripes.</summary>
[Block(80)]
[Codes(3, Offset = -2), Digits(5, 2, Bits = 5, Mirror = true, Stripe = 4)]
[Scale(ScalarType.BFloat16)]
[Encode(RangeRule.AbsMax, Limit = 2)]
public readonly partial record struct DigitsMirrored;

/// <summary>Four powers of four as scales, the stored integer signed.</summary>
[Block(32)]
[Codes(5, CodeKind.Signed)]
[Scale(ScalarType.Int4, Per = 8, Exponential = true, Multiply = -2, Add = -3)]
public readonly partial record struct ExponentialScales;

/// <summary>Zero points that wrap around.</summary>
[Block(32)]
[Codes(4), ZeroPoint(ScalarType.UInt4, Per = 16, Multiply = 3, Add = 5, Wrap = true)]
[Scale(ScalarType.Float16, Per = 16)]
public readonly partial record struct WrappedZero;

/// <summary>A denormalised minifloat with a shared bias.</summary>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1, Add = 40)]
[Codes(7), Minifloat(3, 3, ImplicitOne = false)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct DenormalBias;

/// <summary>Four tables of four values with different largest magnitudes; the choice of each eight inputs before the codes, a bit unused.</summary>
[Block(24)]
[Selector(2, Per = 8), Slice("selector", 2, 1, 3, 2), Pad(1), Slice("pad", 1, 0), Scale(ScalarType.Float16, Per = 8, Name = "s"), Slice("s", 16, 8, 3, 16)]
[Codes(2), Codebook(-1, 0, 0.5, 1, -3, -1, 1, 2.5, -1, -0.25, 0.25, 1, -0.0, 0, 0.3, 2)]
[Pad(1, Name = "top"), Slice("top", 1, 7), Slice("codes", 2, 56, 24, 2)]
public readonly partial record struct SelectedTables;

/// <summary>Tables of integers, and unused bits between the words of the codes.</summary>
[Block(20)]
[Codes(3), Slice("codes", 3, 27, 2, 32, 10, -3), Pad(2, Per = 10), Slice("pad", 2, 30, 2, 32)]
[Selector(1), Slice("selector", 1, 64), Pad(7, Name = "rest"), Slice("rest", 7, 65), Codebook(-4, -2, -1, 0, 1, 2, 3, 4, -6, -4, -2, -1, 0, 1, 2, 4)]
[Scale(ScalarType.Float32)]
[Encode(RangeRule.AbsMax, MinScale = 1e-5)]
public readonly partial record struct SelectedIntegers;
