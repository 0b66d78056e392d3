namespace KernelGen.Formats;

/// <summary>
/// ggml Q8_0: 32 weights in 34 bytes, 8.5 bits per weight. <c>w = d * q</c>, q in -128…127, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 32 signed bytes at 2. Encoder, byte for byte that of ggml's <c>quantize_row_q8_0_ref</c>:
/// d = max|x| / 127 and q = round(x * (1 / d)), halves away from zero, against the d that was not yet rounded to f16. (ggml's
/// vectorised encoder of activations rounds halves to even and may differ in a tie.) Source: ggml, <c>block_q8_0</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfAwayFromZero, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q8_0;
