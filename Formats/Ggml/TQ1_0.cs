namespace KernelGen.Formats;

/// <summary>
/// ggml TQ1_0: 256 ternary weights in 54 bytes, 1.6875 bits per weight. <c>w = d * (q - 1)</c>, q in 0…2, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: numbers to the radix 3, the first digit most significant, as fractions ceil(n * 256 / 243) of a byte: 32
/// bytes at 0 with input 32n + m in digit n of byte m; 16 bytes at 32 with input 160 + 16n + m in digit n of byte m; 4 bytes at 48 with
/// input 240 + 4n + m in digit n &lt; 4 of byte m; d at 52. Encoder, byte for byte that of ggml's <c>quantize_row_tq1_0_ref</c>: as
/// <see cref="TQ2_0"/>. Source: ggml, <c>block_tq1_0</c>.
/// </remarks>
[Block(256)]
[Codes(2, CodeKind.Trit)]
[Digits(3, 5, Fraction = true, Stripe = 32, Inputs = 160)]
[Digits(3, 5, Fraction = true, Stripe = 16, Inputs = 80)]
[Digits(3, 5, Fraction = true, Stripe = 4, Used = 4)]
[Scale(ScalarType.Float16)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfAwayFromZero, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct TQ1_0;
