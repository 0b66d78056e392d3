namespace KernelGen.Formats;

/// <summary>
/// ggml IQ2_XXS: 256 weights in 66 bytes, 2.0625 bits per weight. <c>w = (d * (s + ½) / 4) * ±g</c>, g one of 256 vectors of eight
/// values 8, 25 or 43; s is a 4-bit integer, one per 32 weights; d is an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; per 32 inputs 8 bytes from 2 on: four bytes with the indexes of four vectors, then a word of 32
/// bits: four times seven signs, of inputs 0 to 6 of a vector, and s in its top four. The eighth sign makes the minus signs even.
/// Encoder: none yet; ggml's searches the grid. Source: ggml, <c>block_iq2_xxs</c>, <c>iq2xxs_grid</c>, <c>ksigns_iq2xs</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16)]
[Codes(8), Vector(8), CodebookFile("iq2xxs_grid.txt"), Slice("codes", 8, 16, 4, 8, 8, 64)]
[Signs(8, Parity = 7), Slice("signs", 7, 48, 4, 7, 8, 64)]
[Scale(ScalarType.UInt4, Per = 32, Multiply = 0.25, Add = 0.125, Name = "s"), Slice("s", 4, 76, 8, 64)]
public readonly partial record struct IQ2_XXS;
