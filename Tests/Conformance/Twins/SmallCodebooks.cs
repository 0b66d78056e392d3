namespace KernelGen.Conformance.Twins;

/// <summary>LLM-FP4 E2M1: the levels of the grid times a real scale.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4)]
[Codebook(
    0, 1, 2, 3, 4, 6, 8, 12, -0.0, -1, -2, -3, -4, -6, -8, -12)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct FpqE2M1;

/// <summary>LLM-FP4 E1M2.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4)]
[Codebook(
    0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, -0.0, -0.5, -1, -1.5, -2, -2.5, -3, -3.5)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct FpqE1M2;

/// <summary>LLM-FP4 E3M0.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4)]
[Codebook(
    0, 2, 4, 8, 16, 32, 64, 128, -0.0, -2, -4, -8, -16, -32, -64, -128)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct FpqE3M0;

/// <summary>bitsandbytes FP4, the first of two inputs in the high nibble.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4, HighFirst = true)]
[Codebook(
    0, 1.0 / 192, 2.0 / 3, 1, 1.0 / 3, 1.0 / 2, 1.0 / 6, 1.0 / 4,
    -0.0, -1.0 / 192, -2.0 / 3, -1, -1.0 / 3, -1.0 / 2, -1.0 / 6, -1.0 / 4)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct BnbFp4;

/// <summary>DenseShift of 3 bits: sign and exponent, no zero, one scale.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3)]
[Codebook(1, 2, 4, 8, -1, -2, -4, -8)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct DenseShift3;

/// <summary>APoT of 4 bits: {0, 1, 1/4, 1/16} + {0, 1/2}, normalised to 1, the magnitudes in rising order.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(4)]
[Codebook(
    0, 1.0 / 24, 4.0 / 24, 8.0 / 24, 9.0 / 24, 12.0 / 24, 16.0 / 24, 1,
    -0.0, -1.0 / 24, -4.0 / 24, -8.0 / 24, -9.0 / 24, -12.0 / 24, -16.0 / 24, -1)]
internal readonly partial record struct Apot4;

/// <summary>APoT of 5 bits: {0, 1, 1/4, 1/16} + {0, 1/2, 1/8, 1/32}, normalised to 1, the magnitudes in rising order.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(5)]
[Codebook(
    0, 1.0 / 48, 2.0 / 48, 3.0 / 48, 4.0 / 48, 6.0 / 48, 8.0 / 48, 9.0 / 48,
    12.0 / 48, 16.0 / 48, 18.0 / 48, 24.0 / 48, 32.0 / 48, 33.0 / 48, 36.0 / 48, 1,
    -0.0, -1.0 / 48, -2.0 / 48, -3.0 / 48, -4.0 / 48, -6.0 / 48, -8.0 / 48, -9.0 / 48,
    -12.0 / 48, -16.0 / 48, -18.0 / 48, -24.0 / 48, -32.0 / 48, -33.0 / 48, -36.0 / 48, -1)]
internal readonly partial record struct Apot5;

/// <summary>BEBR: a sign and half the sign of what it leaves.</summary>
[Block(8)]
[Codes(2)]
[Codebook(-1.5, 0.5, -0.5, 1.5)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfUp)]
internal readonly partial record struct Bebr;

/// <summary>PowerQuant with exponent 1/2: two's complement codes whose squares are the levels.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4)]
[Codebook(
    0, 1.0 / 49, 4.0 / 49, 9.0 / 49, 16.0 / 49, 25.0 / 49, 36.0 / 49, 1,
    -64.0 / 49, -1, -36.0 / 49, -25.0 / 49, -16.0 / 49, -9.0 / 49, -4.0 / 49, -1.0 / 49)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct PowerQuant4;
