namespace KernelGen.Formats;

/// <summary>
/// The signed dynamic map of 8-bit optimizers: 256 numbers in 260 bytes, 8.125 bits per number. <c>w = s * D[q]</c>, s an f32, D seven decades of both signs, 0 and 1.
/// </summary>
/// <remarks>
/// Layout: s at 0, then a byte a number. The map is uneven: it ends at -0.993 and 1, so -s itself is not in it. Encoder: s = max|x|, then the nearest entry. Source: Dettmers et al., 8-bit Optimizers via Block-wise Quantization (2021),
/// with the values of bitsandbytes.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float32)]
[Codes(8), Codebook(CodebookFamily.Dynamic)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct Dynamic8;

/// <summary>
/// The unsigned dynamic map, for numbers that are never negative (Adam's second moment), as <see cref="Dynamic8"/> otherwise.
/// </summary>
[Block(256)]
[Scale(ScalarType.Float32)]
[Codes(8), Codebook(CodebookFamily.DynamicUnsigned)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct Dynamic8Unsigned;
