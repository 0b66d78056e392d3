namespace KernelGen.Formats;

/// <summary>
/// ggml TQ2_0: 256 ternary weights in 66 bytes, 2.0625 bits per weight. <c>w = d * (q - 1)</c>, q in 0…2 (a stored 3 is +2), d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: 64 bytes of codes at 0, per 128 inputs a run of 32 bytes: input 32s + l in bits 2s and 2s + 1 of byte l; d
/// at 64. Encoder, byte for byte that of ggml's <c>quantize_row_tq2_0_ref</c>: d = max|x| and q = round(x * (1 / d)) + 1, halves away
/// from zero, against the d that was not yet rounded to f16. Source: ggml, <c>block_tq2_0</c>.
/// </remarks>
[Block(256)]
[Codes(2, Offset = -1, Stripe = 32)]
[Scale(ScalarType.Float16)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfAwayFromZero, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct TQ2_0;
