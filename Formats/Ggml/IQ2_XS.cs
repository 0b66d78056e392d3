namespace KernelGen.Formats;

/// <summary>
/// ggml IQ2_XS: 256 weights in 74 bytes, 2.3125 bits per weight. <c>w = (d * (s + ½) / 4) * ±g</c>, g one of 512 vectors of eight
/// values 8, 25 or 43; s is a 4-bit integer, one per 16 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 32 words of 16 bits at 2, one per vector: its index in the low nine, the signs of its inputs 0 to
/// 6 in the high seven; the eighth sign makes the minus signs even; s at 66, two to a byte, the first in the low nibble. Encoder:
/// none yet; ggml's searches the grid. Source: ggml, <c>block_iq2_xs</c>, <c>iq2xs_grid</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(9), Vector(8), CodebookFile("iq2xs_grid.txt"), Slice("codes", 9, 16, 32, 16)]
[Signs(8, Parity = 7), Slice("signs", 7, 25, 32, 16)]
[Scale(ScalarType.UInt4, Per = 16, Multiply = 0.25, Add = 0.125)]
public readonly partial record struct IQ2_XS;
