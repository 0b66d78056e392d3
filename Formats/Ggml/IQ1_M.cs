namespace KernelGen.Formats;

/// <summary>
/// ggml IQ1_M: 256 weights in 56 bytes, 1.75 bits per weight. <c>w = (d * (2s + 1)) * (g ± ⅛)</c>, g one of the 2048 vectors of
/// <see cref="IQ1_S"/>; s is a 3-bit integer, one per 16 weights; the sign of the ⅛ is one per vector; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: the low eight bits of 32 indexes at 0; 32 nibbles at 32, the upper three bits of an index and whether the ⅛
/// is subtracted; four words of 16 bits at 48: four times s in the low twelve bits, and a nibble of d in the high four, the lowest
/// first. Encoder: none yet; ggml's searches the grid. Source: ggml, <c>block_iq1_m</c>, <c>iq1s_grid</c>.
/// </remarks>
[Block(256)]
[Codes(11), Vector(8), CodebookFile("iq1s_grid.txt")]
[Slice("codes", 8, 0, 32, 8), Slice("codes", 3, 256, 32, 4, FromBit = 8)]
[ZeroPoint(ScalarType.UInt1, Per = 8, Multiply = 0.25, Add = -0.125, Name = "delta"), Slice("delta", 1, 259, 32, 4)]
[Scale(ScalarType.UInt3, Per = 16, Multiply = 2, Add = 1, Name = "s"), Slice("s", 3, 384, 4, 3, 4, 16)]
[Scale(ScalarType.Float16, Name = "d"), Slice("d", 4, 396), Slice("d", 4, 412, FromBit = 4)]
[Slice("d", 4, 428, FromBit = 8), Slice("d", 4, 444, FromBit = 12)]
public readonly partial record struct IQ1_M;
