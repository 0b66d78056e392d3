namespace KernelGen.Formats;

/// <summary>
/// Block minifloat of 8 bits: 16 weights in 17 bytes, 8.5 bits per weight. <c>w = 2^-β * T[q]</c>, T the values of E4M3 with bias 0, β an 8-bit bias that 16 weights share.
/// </summary>
/// <remarks>
/// Layout: β at 0, then a byte a weight. Encoder: β = 15 - floor(log2 max|x|) clipped to 0…255, so that the largest weight is in the top exponent; mantissas do not carry.
/// (<see cref="RangeRule.ExponentReciprocal"/> is the bias rule of the reference code, which leaves most weights subnormal.) Source: Fox et al., A Block Minifloat Representation for
/// Training Deep Neural Networks (2021), in the form of llm-mixed-q (Zhang et al. 2023).
/// </remarks>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1)]
[Codes(8), Minifloat(4, 3, Bias = 0)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.WithoutCarry)]
[Activations(typeof(Bfp8))]
public readonly partial record struct BlockMinifloat8;

/// <summary>
/// Block minifloat of 4 bits, as <see cref="BlockMinifloat8"/> otherwise: 16 weights in 9 bytes, 4.5 bits per weight. <c>w = 2^-β * T[q]</c>, T the values of E2M1 with bias 0.
/// </summary>
/// <remarks>
/// Encoder: β = 3 - floor(log2 max|x|). With two exponent bits the values of a block are integers of at most 12 times the least: int8 products take it as a format of
/// activations, which E4M3 is not.
/// </remarks>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1)]
[Codes(4), Minifloat(2, 1, Bias = 0)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.WithoutCarry)]
[Activations(typeof(Bfp8))]
public readonly partial record struct BlockMinifloat4;

/// <summary>
/// Block minifloat of 6 bits, as <see cref="BlockMinifloat8"/> otherwise: 16 weights in 13 bytes, 6.5 bits per weight. <c>w = 2^-β * T[q]</c>, T the values of E2M3 with bias 0.
/// </summary>
/// <remarks>
/// Encoder: β = 3 - floor(log2 max|x|). With two exponent bits the values of a block are integers of at most 60 times the least: int8 products take it as a format of
/// activations, which E4M3 is not.
/// </remarks>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1)]
[Codes(6), Minifloat(2, 3, Bias = 0)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.WithoutCarry)]
[Activations(typeof(Bfp8))]
public readonly partial record struct BlockMinifloat6;
