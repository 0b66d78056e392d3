namespace KernelGen.Conformance.Twins;

/// <summary>Block floating point of 4 bits.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 8)]
[Codes(4, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
internal readonly partial record struct Bfp4Block16;

/// <summary>Block floating point of 6 bits.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 32)]
[Codes(6, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
internal readonly partial record struct Bfp6Block16;

/// <summary>Anda: a shared exponent, a sign and 4 bits of magnitude with the leading one.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 8)]
[Codes(5, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.TowardZero)]
internal readonly partial record struct Anda4;

/// <summary>Anda with 6 bits of magnitude.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 32)]
[Codes(7, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentFloor, Rounding = CodeRounding.TowardZero)]
internal readonly partial record struct Anda6;
