namespace KernelGen.Formats;

/// <summary>ggml BF16: weights as bfloat16, the upper half of a binary32, 16 bits per weight.</summary>
/// <remarks>
/// Layout, byte for byte: 2 bytes per weight, lowest byte first. Encoder, byte for byte ggml's: rounded to nearest, ties to even. Products take the
/// weights as f32; there are no int8 kernels.
/// </remarks>
[Block(Extent.Row)]
[Codes(16), Minifloat(8, 7, Specials = MinifloatSpecials.Ieee)]
public readonly partial record struct BF16;
