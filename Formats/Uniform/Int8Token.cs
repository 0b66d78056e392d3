namespace KernelGen.Formats;

/// <summary>
/// Symmetric int8 with one step per row, for activations per token: <c>w = s * q</c>, q in -127…127, s an f32. 8 bits per weight and 32 per row.
/// </summary>
/// <remarks>Layout: the codes, a byte each; the side array of the rows holds s. Encoder: s = max|x| / 127, q = rne(x / s).</remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.AbsMax)]
[Activations(typeof(Int8Token))]
public readonly partial record struct Int8Token;
