namespace KernelGen.Formats;

/// <summary>
/// OCP MXINT8: 32 weights in 33 bytes, 8.25 bits per weight. <c>w = 2^X * q / 64</c>, q in -127…127.
/// </summary>
/// <remarks>
/// Layout: the E8M0 scale at 0 (255 is NaN), then the codes in input order, low bits first. Codes are two's complement; -128 is never written. Encoder: the exponent of the scale is floor(log2 max|x|) less that of the largest value, at
/// least -127; elements to nearest, ties away from zero, clipped (microxcaling's default). Source: OCP Microscaling Formats (MX) 1.0 (2023).
/// </remarks>
[Block(32)]
[Scale(ScalarType.E8M0, Multiply = 1.0 / 64)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.HalfAwayFromZero, Limit = 127)]
public readonly partial record struct MxInt8;
