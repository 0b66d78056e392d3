namespace KernelGen.Formats;

/// <summary>
/// ggml Q4_1: 32 weights in 20 bytes, 5 bits per weight. <c>w = (d * q) + m</c>, q in 0…15, d and m f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; m at 2; 16 bytes of codes at 4, input j in the low and input j + 16 in the high nibble of
/// byte j. Encoder, byte for byte that of ggml's <c>quantize_row_q4_1_ref</c>: m = min x, d = (max x - min x) / 15 and
/// q = min(15, trunc((x - m) * (1 / d) + 0.5)), against the d and m that were not yet rounded to f16. Source: ggml,
/// <c>block_q4_1</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[Min(ScalarType.Float16)]
[Codes(4, Stripe = 16)]
[Encode(RangeRule.MinMax, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q4_1;
