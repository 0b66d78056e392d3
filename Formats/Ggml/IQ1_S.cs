namespace KernelGen.Formats;

/// <summary>
/// ggml IQ1_S: 256 weights in 50 bytes, 1.5625 bits per weight. <c>w = (d * (2s + 1)) * (g ± ⅛)</c>, g one of 2048 vectors of eight
/// values -1, 0 or 1; s is a 3-bit integer, one per 32 weights, which share the sign of the ⅛; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; the low eight bits of 32 indexes at 2; a word of 16 bits per 32 inputs at 34: four times the upper
/// three bits of an index, s, and in the top bit whether the ⅛ is subtracted. Encoder: none yet; ggml's searches the grid. Source:
/// ggml, <c>block_iq1_s</c>, <c>iq1s_grid</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(11), Vector(8), CodebookFile("iq1s_grid.txt")]
[Slice("codes", 8, 16, 32, 8), Slice("codes", 3, 272, 4, 3, 8, 16, FromBit = 8)]
[Scale(ScalarType.UInt3, Per = 32, Multiply = 2, Add = 1, Name = "s"), Slice("s", 3, 284, 8, 16)]
[ZeroPoint(ScalarType.UInt1, Per = 32, Multiply = 0.25, Add = -0.125, Name = "delta"), Slice("delta", 1, 287, 8, 16)]
public readonly partial record struct IQ1_S;
