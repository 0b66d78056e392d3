namespace KernelGen.Formats;

/// <summary>ggml F16: weights as IEEE binary16, 16 bits per weight.</summary>
/// <remarks>
/// Layout, byte for byte: 2 bytes per weight, lowest byte first. Encoder, byte for byte ggml's: rounded to nearest, ties to even. Products take the
/// weights as f32; there are no int8 kernels.
/// </remarks>
[Block(Extent.Row)]
[Codes(16), Minifloat(5, 10, Specials = MinifloatSpecials.Ieee)]
public readonly partial record struct F16;
