namespace KernelGen.Formats;

/// <summary>
/// Block floating point in tiles of 16 outputs and 16 inputs that share an exponent: <c>w = ±m * 2^(E - 127 - 5)</c>, m in 0…31.
/// 6 + 8 / 256 bits per weight where 16 divides O and I.
/// </summary>
/// <remarks>
/// Tensors: "blocks", of every 16 inputs of a row 16 codes of six bits, the sign above the magnitude; "scale", the exponents, of shape
/// [ceil(O / 16), ceil(I / 16)]. In memory every row has its own copy of the exponents, so kernels and panels are those of <see cref="Bfp6"/>. Encoder: the
/// exponent of the tile's largest magnitude, rounded up (KernelGen.Encoders, TileEncoder).
/// </remarks>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 32, PerOutputs = 16)]
[Codes(6, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp6Tile;
