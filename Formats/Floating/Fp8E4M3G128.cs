namespace KernelGen.Formats;

/// <summary>
/// FP8 E4M3 under an f32 scale per 128 weights: <c>w = s * T[q]</c>, T up to 448. 8.25 bits per weight.
/// </summary>
/// <remarks>
/// Layout: s at 0, then a byte a weight; the codes of seven ones below the sign are NaN. Encoder: s = max|x| / 448, the nearest value, ties to the even mantissa. Source: the
/// block-scaled grids of Sun et al., Scaling Laws for Floating Point Quantization Training (2025); the element is that of OCP 8-bit Floating Point 1.0.
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float32)]
[Codes(8), Minifloat(4, 3, Specials = MinifloatSpecials.AllOnes)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfToEvenCode)]
public readonly partial record struct Fp8E4M3G128;
