namespace KernelGen.Formats;

/// <summary>
/// ggml Q5_0: 32 weights in 22 bytes, 5.5 bits per weight. <c>w = d * (q - 16)</c>, q in 0…31, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; the fifth bits at 2, that of input i being bit i of 4 bytes; the low four bits at 6, input j
/// in the low and input j + 16 in the high nibble of byte j. Encoder, byte for byte that of ggml's
/// <c>quantize_row_q5_0_ref</c>: as <see cref="Q4_0"/> with d = m / -16 and q = min(31, trunc(x * (1 / d) + 16.5)). Source:
/// ggml, <c>block_q5_0</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(5, Offset = -16), Plane(4, 1), Plane(0, 4, Stripe = 16)]
[Encode(RangeRule.SignedMax, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q5_0;
