namespace KernelGen.Formats;

/// <summary>
/// ggml IQ2_S: 256 weights in 82 bytes, 2.5625 bits per weight. <c>w = (d * (s + ½) / 4) * ±g</c>, g one of 1024 vectors of eight
/// values 8, 25 or 43; s is a 4-bit integer, one per 16 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; the low eight bits of 32 indexes at 2; 32 bytes of signs at 34, bit j for input j of a vector; the
/// upper two bits of the indexes at 66, four to a byte; s at 74, two to a byte, the first in the low nibble. Encoder: none yet;
/// ggml's searches the grid. Source: ggml, <c>block_iq2_s</c>, <c>iq2s_grid</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(10), Vector(8), CodebookFile("iq2s_grid.txt")]
[Plane(0, 8), Signs(8), Plane(8, 2)]
[Scale(ScalarType.UInt4, Per = 16, Multiply = 0.25, Add = 0.125)]
public readonly partial record struct IQ2_S;
