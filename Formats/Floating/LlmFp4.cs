namespace KernelGen.Formats;

/// <summary>
/// LLM-FP4 (FPQ), E2M1: <c>w = s * L[q]</c>, L in 0, 1, 2, 3, 4, 6, 8, 12 and their negatives, s an f16 per row, which stands for 2^-b of a real-valued exponent bias b. 4 bits per weight
/// and 16 per row.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first, the sign above exponent and mantissa; the scales are a side array of shape [O]. Encoder: the published starting point, s = max|x| / 12, and the nearest
/// level, of two the one of even code; the search over b by output error is the caller's. Source: Liu et al., LLM-FP4: 4-Bit Floating-Point Quantized Transformers (2023).
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[Codes(4), Codebook(0, 1, 2, 3, 4, 6, 8, 12, -0.0, -1, -2, -3, -4, -6, -8, -12)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfToEvenCode)]
public readonly partial record struct LlmFp4;
