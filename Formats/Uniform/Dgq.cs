namespace KernelGen.Formats;

/// <summary>
/// DGQ's dual-grained A8W4 weights: <c>w = s8 * (S * (q - z))</c>, q in 0…15, S and z 8-bit integers per 128 weights, s8 a bf16 per row. 128 weights in 66 bytes: 4.125 bits per weight and 16 per row.
/// </summary>
/// <remarks>
/// Layout: S and z, then the codes, the first of two in the high nibble. Encoder: s8 = max|x| of the row / 127, S = max(1, rne((max - min) / (15 * s8))), z = -rne(15 * min / (max - min)), codes clipped so that |S * (q - z)| is at most 127; the
/// published search of the ratios by output error is the caller's. Source: Zhang et al., Dual Grained Quantization: Efficient Fine-Grained Quantization for LLM (2023).
/// </remarks>
[Block(128)]
[Scale(ScalarType.BFloat16, Per = Extent.Row), Scale(ScalarType.Int8), ZeroPoint(ScalarType.Int8)]
[Codes(4, HighFirst = true)]
[Encode(RangeRule.MinMax, RowLimit = 127, MinScale = 1, ProductLimit = 127)]
public readonly partial record struct DgqG128;
