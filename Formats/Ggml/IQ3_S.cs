namespace KernelGen.Formats;

/// <summary>
/// ggml IQ3_S: 256 weights in 110 bytes, 3.4375 bits per weight. <c>w = (d * (2s + 1)) * ±g</c>, g one of 512 vectors of four odd
/// values from 1 to 15; s is a 4-bit integer, one per 32 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; the low eight bits of 64 indexes at 2; their ninth bits at 66, eight to a byte; 32 bytes of signs
/// at 74, bit j for input j of eight; s at 106, two to a byte, the first in the low nibble. Encoder: none yet; ggml's searches the
/// grid. Source: ggml, <c>block_iq3_s</c>, <c>iq3s_grid</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(9), Vector(4), CodebookFile("iq3s_grid.txt")]
[Plane(0, 8), Plane(8, 1), Signs(8)]
[Scale(ScalarType.UInt4, Per = 32, Multiply = 2, Add = 1)]
public readonly partial record struct IQ3_S;
