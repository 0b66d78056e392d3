namespace KernelGen.Formats;

/// <summary>ggml F32: weights as IEEE binary32, 32 bits per weight.</summary>
/// <remarks>
/// Layout, byte for byte: 4 bytes per weight, lowest byte first. Encoder, byte for byte ggml's: as they are. Products take the
/// weights as f32; there are no int8 kernels.
/// </remarks>
[Block(Extent.Row)]
[Codes(32), Minifloat(8, 23, Specials = MinifloatSpecials.Ieee)]
public readonly partial record struct F32;
