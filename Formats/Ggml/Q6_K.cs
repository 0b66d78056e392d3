namespace KernelGen.Formats;

/// <summary>
/// ggml Q6_K: 256 weights in 210 bytes, 6.5625 bits per weight. <c>w = (d * sc) * (q - 32)</c>, q in 0…63; sc is a signed byte,
/// one per 16 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: the low four bits at 0, per 128 inputs a run of 64 bytes: input j in the low and input j + 64 in the
/// high nibble of byte j; the upper two bits at 128, per 128 inputs a run of 32 bytes: input 32g + l in bits 2g and 2g + 1 of
/// byte l; 16 sc at 192; d at 208. Encoder: the weight of largest magnitude among 16 takes the code -32; ggml's encoder
/// searches and finds other, often better, bytes. Source: ggml, <c>block_q6_K</c>.
/// </remarks>
[Block(256)]
[Codes(6, Offset = -32), Plane(0, 4, Stripe = 64), Plane(4, 2, Stripe = 32)]
[Scale(ScalarType.Int8, Per = 16)]
[Scale(ScalarType.Float16)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct Q6_K;
