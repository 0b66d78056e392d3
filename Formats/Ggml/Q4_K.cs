namespace KernelGen.Formats;

/// <summary>
/// ggml Q4_K: 256 weights in 144 bytes, 4.5 bits per weight. <c>w = ((d * sc) * q) - (dmin * m)</c>, q in 0…15; sc and m are
/// 6-bit integers, one per 32 weights; d and dmin are f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; dmin at 2; 12 bytes of sc and m at 4; 128 bytes of codes at 16, in four runs of 32 bytes:
/// input 64c + l in the low and input 64c + 32 + l in the high nibble of byte 32c + l. Of the 12 bytes the low six bits of the
/// first four are sc[0…3] and those of the next four m[0…3]; the last four hold the low four bits of sc[4…7] (low nibbles) and
/// of m[4…7] (high nibbles), whose upper two bits are the top bits of the first and the second four. Encoder: the range of 32
/// weights, extended to contain 0; ggml's encoder searches and finds other, often better, bytes. Source: ggml,
/// <c>block_q4_K</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
[Scale(ScalarType.UInt6, Per = 32, Name = "sc"), Slice("sc", 6, 32, 4, 8)]
[Slice("sc", 4, 96, 4, 8, First = 4), Slice("sc", 2, 38, 4, 8, First = 4, FromBit = 4)]
[Min(ScalarType.UInt6, Per = 32, Name = "m"), Slice("m", 6, 64, 4, 8)]
[Slice("m", 4, 100, 4, 8, First = 4), Slice("m", 2, 70, 4, 8, First = 4, FromBit = 4)]
[Codes(4, Stripe = 32)]
[Encode(RangeRule.MinMaxWithZero)]
public readonly partial record struct Q4_K;
