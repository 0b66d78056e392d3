namespace KernelGen.Formats;

/// <summary>
/// Symmetric int4 in groups of 128: <c>w = s * q</c>, q in -8…7, s an f16. 128 weights in 66 bytes, 4.125 bits per weight.
/// </summary>
/// <remarks>Layout: s at 0, then the codes in two's complement in input order, low bits first. Encoder: round to nearest with s = max|x| / 7.</remarks>
[Block(128)]
[Scale(ScalarType.Float16)]
[Codes(4, CodeKind.Signed)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct Int4SymG128;
