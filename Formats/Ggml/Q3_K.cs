namespace KernelGen.Formats;

/// <summary>
/// ggml Q3_K: 256 weights in 110 bytes, 3.4375 bits per weight. <c>w = (d * (sc - 32)) * (q - 4)</c>, q in 0…7; sc is a 6-bit
/// integer, one per 16 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: the third bits at 0, that of input 32g + l being bit g of byte l; the low two bits at 32, per 128
/// inputs a run of 32 bytes: input 32g + l in bits 2g and 2g + 1 of byte l; 12 bytes of sc at 96: the low four bits of sc[j] and
/// sc[j + 8] in the low and high nibble of byte j of the first eight, the upper two of sc[4i + j] in bits 2i and 2i + 1 of byte j
/// of the last four; d at 108. Encoder: the weight of largest magnitude among 16 takes the code 0, which means -4; ggml's encoder
/// searches and finds other, often better, bytes. Source: ggml, <c>block_q3_K</c>.
/// </remarks>
[Block(256)]
[Codes(3, Offset = -4), Plane(2, 1, Stripe = 32), Plane(0, 2, Stripe = 32)]
[Scale(ScalarType.UInt6, Per = 16, Add = -32, Name = "sc"), Slice("sc", 4, 768, 8, 8, 2, 4)]
[Slice("sc", 2, 832, 4, 8, 4, 2, FromBit = 4)]
[Scale(ScalarType.Float16)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct Q3_K;
