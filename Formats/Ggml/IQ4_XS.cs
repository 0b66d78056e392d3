namespace KernelGen.Formats;

/// <summary>
/// ggml IQ4_XS: 256 weights in 136 bytes, 4.25 bits per weight. <c>w = (d * (ls - 32)) * T[q]</c>, T the 16 values of
/// <see cref="IQ4_NL"/>; ls is a 6-bit integer, one per 32 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; the upper two bits of ls[i] in bits 2i and 2i + 1 of 2 bytes at 2; their low four bits at 4,
/// two to a byte, the first in the low nibble; 128 bytes of codes at 8, in eight runs of 16: input j in the low and input j + 16
/// in the high nibble of byte j. Encoder: the largest magnitude among 32 weights over that of T; ggml's encoder searches and
/// finds other, often better, bytes. Source: ggml, <c>block_iq4_xs</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Scale(ScalarType.UInt6, Per = 32, Add = -32, Name = "ls"), Slice("ls", 2, 16, 8, 2, FromBit = 4), Slice("ls", 4, 32, 8, 4)]
[Codes(4, Stripe = 16)]
[Codebook(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113)]
public readonly partial record struct IQ4_XS;
