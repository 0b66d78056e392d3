namespace KernelGen.Formats;

/// <summary>
/// ggml IQ3_XXS: 256 weights in 98 bytes, 3.0625 bits per weight. <c>w = (d * (s + ½) / 2) * ±g</c>, g one of 256 vectors of four
/// values from 4 to 62; s is a 4-bit integer, one per 32 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 64 indexes of a byte at 2; eight words of 32 bits at 66, one per 32 inputs: four times seven signs,
/// of inputs 0 to 6 of eight, and s in the top four. The eighth sign makes the minus signs even. Encoder: none yet; ggml's searches
/// the grid. Source: ggml, <c>block_iq3_xxs</c>, <c>iq3xxs_grid</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(8), Vector(4), CodebookFile("iq3xxs_grid.txt")]
[Signs(8, Parity = 7), Slice("signs", 7, 528, 4, 7, 8, 32)]
[Scale(ScalarType.UInt4, Per = 32, Multiply = 0.5, Add = 0.25, Name = "s"), Slice("s", 4, 556, 8, 32)]
public readonly partial record struct IQ3_XXS;
