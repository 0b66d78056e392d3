namespace KernelGen.Formats;

/// <summary>
/// OCP MXFP4: 32 weights in 17 bytes, 4.25 bits per weight. <c>w = 2^X * T[q]</c>, T the values of E2M1: 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. <see cref="MXFP4"/> is ggml's order of the same codes. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(4), Minifloat(2, 1)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
public readonly partial record struct MxFp4E2M1;
