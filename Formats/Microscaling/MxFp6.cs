namespace KernelGen.Formats;

/// <summary>
/// OCP MXFP6, E2M3: 32 weights in 25 bytes, 6.25 bits per weight. <c>w = 2^X * T[q]</c>, T up to 7.5.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6), Minifloat(2, 3)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
public readonly partial record struct MxFp6E2M3;

/// <summary>
/// OCP MXFP6, E3M2: 32 weights in 25 bytes, 6.25 bits per weight. <c>w = 2^X * T[q]</c>, T up to 28.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(6), Minifloat(3, 2)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero)]
public readonly partial record struct MxFp6E3M2;
