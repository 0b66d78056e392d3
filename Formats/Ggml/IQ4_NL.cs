namespace KernelGen.Formats;

/// <summary>
/// ggml IQ4_NL: 32 weights in 18 bytes, 4.5 bits per weight. <c>w = d * T[q]</c>, q in 0…15, d an f16, T a table of 16 integers
/// that lie denser around 0.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 16 bytes of codes at 2, input j in the low and input j + 16 in the high nibble of byte j.
/// Encoder: d = m / -127 with m the weight of largest magnitude, then the nearest entry; ggml's encoder searches around this d
/// and finds other, often better, bytes. Source: ggml, <c>block_iq4_nl</c>, <c>kvalues_iq4nl</c>.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(4, Stripe = 16)]
[Codebook(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct IQ4_NL;
