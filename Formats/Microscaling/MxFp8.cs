namespace KernelGen.Formats;

/// <summary>
/// OCP MXFP8, E4M3: 32 weights in 33 bytes, 8.25 bits per weight. <c>w = 2^X * T[q]</c>, T up to 448; the codes of seven ones below the sign are NaN.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
public readonly partial record struct MxFp8E4M3;

/// <summary>
/// OCP MXFP8, E5M2: 32 weights in 33 bytes, 8.25 bits per weight. <c>w = 2^X * T[q]</c>, T up to 57344; the top exponent holds the infinities and NaN.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8), Minifloat(5, 2, Specials = MinifloatSpecials.Ieee)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
public readonly partial record struct MxFp8E5M2;
