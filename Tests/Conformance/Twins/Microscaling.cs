namespace KernelGen.Conformance.Twins;

/// <summary>OCP MX FP4: E2M1 codes, the high bit the sign.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(4), Minifloat(2, 1)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp4;

/// <summary>OCP MX FP6, E2M3.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6), Minifloat(2, 3)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp6E2M3;

/// <summary>OCP MX FP6, E3M2.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6), Minifloat(3, 2)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp6E3M2;

/// <summary>OCP MX FP8, E4M3; all ones are NaN.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp8E4M3;

/// <summary>OCP MX FP8, E5M2, with infinities and NaN.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp8E5M2;

/// <summary>OCP MX INT8: two's complement in units of 2^-6, the code -128 unused.</summary>
[Block(32)]
[Scale(ScalarType.E8M0, Multiply = 1.0 / 64)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero, Limit = 127)]
internal readonly partial record struct MxInt8;
