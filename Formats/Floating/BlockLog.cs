namespace KernelGen.Formats;

/// <summary>
/// Block logarithm of 4 bits: 16 weights in 9 bytes, 4.5 bits per weight. <c>w = ±2^(e - β)</c>, e in 0…7, β an 8-bit bias that 16 weights share; there is no zero.
/// </summary>
/// <remarks>
/// Layout: β at 0, then the codes in input order, low bits first, the sign above e. Encoder: β = 7 - ceil(log2 max|x|) clipped to 0…255, e + β the nearest to
/// log2(|x| + 0.1 * 2^-β), so √2 decides between two powers; x counts as positive from -0.1 * 2^-β on. Source: the block logarithm of llm-mixed-q (Zhang et al. 2023).
/// </remarks>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1, Add = 3)]
[Codes(4), Codebook(CodebookFamily.PowersOfTwo)]
[Encode(RangeRule.ExponentCeiling, Rounding = CodeRounding.Logarithmic, LogEpsilon = 0.1 / 8)]
[Activations(typeof(Bfp8))]
public readonly partial record struct BlockLog4;

/// <summary>
/// Block logarithm of 3 bits, as <see cref="BlockLog4"/> otherwise: 16 weights in 7 bytes, 3.5 bits per weight. <c>w = ±2^(e - β)</c>, e in 0…3.
/// </summary>
/// <remarks>Its powers are integers of at most 8 times the least: int8 products take it as a format of activations. Those of 4 bits reach 128, one too many.</remarks>
[Block(16)]
[Scale(ScalarType.UInt8, Exponential = true, Multiply = -1, Add = 1)]
[Codes(3), Codebook(CodebookFamily.PowersOfTwo)]
[Encode(RangeRule.ExponentCeiling, Rounding = CodeRounding.Logarithmic, LogEpsilon = 0.1 / 2)]
[Activations(typeof(Bfp8))]
public readonly partial record struct BlockLog3;
