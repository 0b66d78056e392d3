namespace KernelGen.Formats;

/// <summary>
/// Fixed point of 8 bits: <c>w = q * 2^-f</c>, q in -128…127, f one number for the matrix. 8 bits per weight.
/// </summary>
/// <remarks>
/// Layout: two's complement in input order; the side array of the matrix holds 127 - f. Encoder: f = 6 - floor(log2 max|x|), as many bits after the point as the largest weight leaves, q = rne(x * 2^f), clipped.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Exponent8, Per = Extent.Tensor)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct FixedPoint8;
