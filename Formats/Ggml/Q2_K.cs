namespace KernelGen.Formats;

/// <summary>
/// ggml Q2_K: 256 weights in 84 bytes, 2.625 bits per weight. <c>w = ((d * sc) * q) - (dmin * m)</c>, q in 0…3; sc and m are
/// 4-bit integers, one pair per 16 weights; d and dmin are f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: 16 bytes at 0, sc of a group in the low and its m in the high nibble; 64 bytes of codes at 16, per
/// 128 inputs a run of 32 bytes: input 32g + l in bits 2g and 2g + 1 of byte l; d at 80; dmin at 82. Encoder: the range of 16
/// weights, extended to contain 0; ggml's encoder searches and finds other, often better, bytes. Source: ggml,
/// <c>block_q2_K</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.UInt4, Per = 16, Name = "sc"), Slice("sc", 4, 0, 16, 8)]
[Min(ScalarType.UInt4, Per = 16, Name = "m"), Slice("m", 4, 4, 16, 8)]
[Codes(2, Stripe = 32)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
[Encode(RangeRule.MinMaxWithZero)]
public readonly partial record struct Q2_K;
