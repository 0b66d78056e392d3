namespace KernelGen.Conformance.Twins;

/// <summary>OCP MX FP4: E2M1 codes, the high bit the sign.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(4)]
[Codebook(
    0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp4;

/// <summary>OCP MX FP6, E2M3.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6)]
[Codebook(
    0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875, 2, 2.25, 2.5, 2.75, 3,
    3.25, 3.5, 3.75, 4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5, -0.0, -0.125, -0.25, -0.375, -0.5, -0.625, -0.75, -0.875, -1, -1.125,
    -1.25, -1.375, -1.5, -1.625, -1.75, -1.875, -2, -2.25, -2.5, -2.75, -3, -3.25, -3.5, -3.75, -4, -4.5, -5, -5.5, -6, -6.5,
    -7, -7.5)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp6E2M3;

/// <summary>OCP MX FP6, E3M2.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6)]
[Codebook(
    0, 0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375, 0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5,
    6, 7, 8, 10, 12, 14, 16, 20, 24, 28, -0.0, -0.0625, -0.125, -0.1875, -0.25, -0.3125, -0.375, -0.4375, -0.5, -0.625, -0.75,
    -0.875, -1, -1.25, -1.5, -1.75, -2, -2.5, -3, -3.5, -4, -5, -6, -7, -8, -10, -12, -14, -16, -20, -24, -28)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
internal readonly partial record struct MxFp6E3M2;

/// <summary>OCP MX INT8: two's complement in units of 2^-6, the code -128 unused.</summary>
[Block(32)]
[Scale(ScalarType.E8M0, Multiply = 1.0 / 64)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero, Limit = 127)]
internal readonly partial record struct MxInt8;
