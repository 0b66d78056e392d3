namespace KernelGen.Formats;

/// <summary>
/// Block floating point of 4 bits (MSFP style): 16 weights in 9 bytes, 4.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 3)</c>, m in 0…7, E an 8-bit exponent that 16 weights share.
/// </summary>
/// <remarks>
/// Layout: E at 0, then the codes in input order, low bits first; a code is a sign bit over three bits of magnitude. Encoder:
/// E - 127 = ceil(log2 max|x|) clipped to -127…128, m = rne(|x| / 2^(E - 127 - 3)) clipped to 0…7; where max|x| is a power of two the
/// largest weight is therefore clipped (2.0 becomes 1.75). A block of zeros has the least exponent. Activations of int8 products are in <see cref="Bfp8"/> unless a call names another
/// width: the product of two blocks is an integer times 2 to the sum of their exponents. Source: the block floating
/// point of llm-mixed-q (Zhang et al., Revisiting Block-based Quantisation: What is Important for Sub-8-bit LLM Inference?, 2023).
/// </remarks>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 8)]
[Codes(4, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp4;

/// <summary>
/// Block floating point of 2 bits, as <see cref="Bfp4"/> otherwise: 16 weights in 5 bytes, 2.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 1)</c>, m in 0…1.
/// </summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 2)]
[Codes(2, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp2;

/// <summary>
/// Block floating point of 3 bits, as <see cref="Bfp4"/> otherwise: 16 weights in 7 bytes, 3.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 2)</c>, m in 0…3.
/// </summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 4)]
[Codes(3, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp3;

/// <summary>
/// Block floating point of 5 bits, as <see cref="Bfp4"/> otherwise: 16 weights in 11 bytes, 5.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 4)</c>, m in 0…15.
/// </summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 16)]
[Codes(5, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp5;

/// <summary>
/// Block floating point of 6 bits, as <see cref="Bfp4"/> otherwise: 16 weights in 13 bytes, 6.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 5)</c>, m in 0…31.
/// </summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 32)]
[Codes(6, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp6;

/// <summary>
/// Block floating point of 8 bits, as <see cref="Bfp4"/> otherwise: 16 weights in 17 bytes, 8.5 bits per weight.
/// <c>w = ±m * 2^(E - 127 - 7)</c>, m in 0…127.
/// </summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 128)]
[Codes(8, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
[Activations(typeof(Bfp8))]
public readonly partial record struct Bfp8;
