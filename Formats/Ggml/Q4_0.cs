namespace KernelGen.Formats;

/// <summary>
/// ggml Q4_0: 32 weights in 18 bytes, 4.5 bits per weight. <c>w = d * (q - 8)</c>, q in 0…15, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 16 bytes of codes at 2, input j in the low and input j + 16 in the high nibble of byte j.
/// Encoder, byte for byte that of ggml's <c>quantize_row_q4_0_ref</c>: with m the weight of largest magnitude (the first of
/// equals, its sign kept) d = m / -8, and q = min(15, trunc(x * (1 / d) + 8.5)) against the d that was not yet rounded to f16.
/// Source: ggml, <c>block_q4_0</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(4, Offset = -8, Stripe = 16)]
[Encode(RangeRule.SignedMax, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q4_0;
