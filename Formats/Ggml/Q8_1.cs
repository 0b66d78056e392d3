namespace KernelGen.Formats;

/// <summary>
/// ggml Q8_1: 32 weights in 36 bytes, 9 bits per weight, and their sum. <c>w = d * q</c>, q in -128…127, d an f16. A format of
/// activations.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; at 2 the sum of q times the d that was not yet rounded, as an f16; 32 signed bytes at 4. Encoder,
/// byte for byte that of ggml's <c>quantize_row_q8_1_ref</c>: as <see cref="Q8_0"/>. Source: ggml, <c>block_q8_1</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16), StoredSum(ScalarType.Float16, Scaled = true)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfAwayFromZero, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q8_1;
