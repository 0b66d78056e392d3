namespace KernelGen.Formats;

/// <summary>
/// ggml Q5_1: 32 weights in 24 bytes, 6 bits per weight. <c>w = d * q + m</c>, q in 0…31, d and m f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; m at 2; the fifth bits at 4, that of input i being bit i of 4 bytes; the low four bits at 8,
/// input j in the low and input j + 16 in the high nibble of byte j. Encoder, byte for byte that of ggml's
/// <c>quantize_row_q5_1_ref</c>: m = min x, d = (max x - min x) / 31 and q = trunc((x - m) * (1 / d) + 0.5), against the m and
/// d that were not yet rounded to f16. Source: ggml, <c>block_q5_1</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16)]
[Codes(5), Plane(4, 1), Plane(0, 4, Stripe = 16)]
[Encode(RangeRule.MinMax, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q5_1;
