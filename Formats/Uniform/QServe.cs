namespace KernelGen.Formats;

/// <summary>
/// QServe's W4A8 weights: <c>w = s1 * (s2 * (q - z))</c>, q and z in 0…15, s2 an 8-bit integer per 128 weights, s1 an f16 per row. 256 weights in 131 bytes: 4.09375 bits per weight and 16 per row.
/// </summary>
/// <remarks>
/// The block holds two groups, because two zero points fill a byte: two s2, two z, the codes in input order, low bits first. (QServe's own tile order and its stored -z * s2 are not this layout.) Encoder: s1 = max|x| of the row / 119, weights
/// become integers of s1, at most 119, a margin that keeps s2 * (q - z) within 127; over a group s2 = rne((max - min) / 15), at least 1, z = -rne(min / s2) clipped to 0…15. Source: Lin et al., QServe: W4A8KV4 Quantization and System
/// Co-design for Efficient LLM Serving (2024).
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16, Per = Extent.Row), Scale(ScalarType.UInt8, Per = 128), ZeroPoint(ScalarType.UInt4, Per = 128)]
[Codes(4)]
[Encode(RangeRule.MinMax, RowLimit = 119, RowIntegers = true, MinScale = 1, StoredScaleFirst = true)]
public readonly partial record struct QServeG128;
