namespace KernelGen.Formats;

/// <summary>
/// ggml Q5_K: 256 weights in 176 bytes, 5.5 bits per weight. <c>w = ((d * sc) * q) - (dmin * m)</c>, q in 0…31; sc and m are
/// 6-bit integers, one pair per 32 weights; d and dmin are f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; dmin at 2; 12 bytes of sc and m at 4, as in <see cref="Q4_K"/>; the fifth bits at 16, that of
/// input 32g + l being bit g of byte l; the low four bits at 48, in four runs of 32 bytes: input 64c + l in the low and input
/// 64c + 32 + l in the high nibble of byte 32c + l. Encoder: the range of 32 weights, extended to contain 0; ggml's encoder
/// searches and finds other, often better, bytes. Source: ggml, <c>block_q5_K</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
[Scale(ScalarType.UInt6, Per = 32, Name = "sc"), Slice("sc", 6, 32, 4, 8)]
[Slice("sc", 4, 96, 4, 8, First = 4), Slice("sc", 2, 38, 4, 8, First = 4, FromBit = 4)]
[Min(ScalarType.UInt6, Per = 32, Name = "m"), Slice("m", 6, 64, 4, 8)]
[Slice("m", 4, 100, 4, 8, First = 4), Slice("m", 2, 70, 4, 8, First = 4, FromBit = 4)]
[Codes(5), Plane(4, 1, Stripe = 32), Plane(0, 4, Stripe = 32)]
[Encode(RangeRule.MinMaxWithZero)]
public readonly partial record struct Q5_K;
