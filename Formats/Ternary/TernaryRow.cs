namespace KernelGen.Formats;

/// <summary>
/// Ternary weights with one scale per output row: <c>w = s * t</c>, t in {-1, 0, +1}, s an f32. Two bits per weight and 32 bits
/// per row.
/// </summary>
/// <remarks>
/// Layout: the codes t + 1 in input order, four to a byte, low bits first, each row ending at its last byte; the scales are a
/// side array of shape [O]. Encoder (BitNet b1.58's, applied to each row instead of to the matrix): s = max(1e-5, mean|x|),
/// t = rne(x / s) clipped to -1…1. Source: Ma et al., The Era of 1-bit LLMs: All Large Language Models are in 1.58 Bits (2024).
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMean, MinScale = 1e-5)]
public readonly partial record struct TernaryRow;
