namespace KernelGen.Conformance.Twins;

/// <summary>Minifloat E2M1, bias 1, all exponents finite, rounded as the reference does.</summary>
[Block(16)]
[Codes(4), Minifloat(2, 1)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-9)]
internal readonly partial record struct MiniFloatE2M1;

/// <summary>Minifloat E4M3, bias 7, all exponents finite, rounded as the reference does.</summary>
[Block(16)]
[Codes(8), Minifloat(4, 3)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-9)]
internal readonly partial record struct MiniFloatE4M3;

/// <summary>Denormalised minifloat: 4 bits of exponent, no implicit one.</summary>
[Block(16)]
[Codes(8), Minifloat(4, 3, ImplicitOne = false)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-9)]
internal readonly partial record struct Dmf8E4;

/// <summary>Powers of two: a sign and 3 bits of exponent, bias 3.</summary>
[Block(16)]
[Codes(4), Codebook(CodebookFamily.PowersOfTwo)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.Logarithmic, LogEpsilon = 0.1 / 8)]
internal readonly partial record struct Log4;

/// <summary>Powers of two whose bias, 3 in the table, is shared.</summary>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1, Add = 3)]
[Codes(4), Codebook(CodebookFamily.PowersOfTwo)]
[Encode(RangeRule.ExponentCeiling, Rounding = CodeRounding.Logarithmic, LogEpsilon = 0.1 / 8)]
internal readonly partial record struct BlockLog4;

/// <summary>Minifloat E4M3 with a shared bias that puts the largest weight into the top exponent.</summary>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1)]
[Codes(8), Minifloat(4, 3, Bias = 0)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.WithoutCarry)]
internal readonly partial record struct BlockMiniFloatAligned;

/// <summary>Minifloat E4M3 with the shared bias of the reference code.</summary>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1)]
[Codes(8), Minifloat(4, 3, Bias = 0)]
[Encode(RangeRule.ExponentReciprocal, Rounding = CodeRounding.WithoutCarry)]
internal readonly partial record struct BlockMiniFloatReference;
