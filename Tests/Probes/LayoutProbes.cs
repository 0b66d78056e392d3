namespace KernelGen.Probes;

/// <summary>Integer scales and minima below floats (the integer path).</summary>
[Block(128)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
[Scale(ScalarType.UInt4, Per = 16), Min(ScalarType.UInt4, Per = 16)]
[Codes(2)]
[Encode(RangeRule.MinMaxWithZero)]
public readonly partial record struct NestedInteger;

/// <summary>Signed integer scales, an odd number of segments.</summary>
[Block(96)]
[Scale(ScalarType.Float32)]
[Scale(ScalarType.Int8, Per = 32)]
[Codes(5, Offset = -16)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct NestedSigned;

/// <summary>Sub-scales 2n + 1.</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[Scale(ScalarType.UInt4, Per = 16, Multiply = 2, Add = 1)]
[Codes(4, CodeKind.Signed)]
public readonly partial record struct NestedOdd;

/// <summary>Sub-scales (n + 1/2) / 4: no integers.</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[Scale(ScalarType.UInt4, Per = 16, Multiply = 0.25, Add = 0.125)]
[Codes(4, CodeKind.Signed)]
public readonly partial record struct NestedQuarter;

/// <summary>Sub-scales n - 32 in six bits, scattered by slices.</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[Scale(ScalarType.UInt6, Per = 16, Add = -32, Name = "sub"), Slice("sub", 4, 16, 4, 4), Slice("sub", 2, 32, 4, 2, FromBit = 4)]
[Codes(3, Offset = -4), Slice("codes", 2, 40, 64, 2), Slice("codes", 1, 168, 64, 1, FromBit = 2)]
[Encode(RangeRule.SignedMax)]
public readonly partial record struct NestedOffset;

/// <summary>Seven bits in three planes with stripes, the high bits first.</summary>
[Block(64)]
[Codes(7, CodeKind.Signed), Plane(6, 1, Stripe = 8), Plane(4, 2, Stripe = 16, HighFirst = true), Plane(0, 4, Stripe = 32)]
[Scale(ScalarType.Float16)]
public readonly partial record struct ThreePlanes;

/// <summary>Two bits, high bits first, in stripes.</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[Codes(2, CodeKind.Trit, Stripe = 16, HighFirst = true)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct HighFirst2;

/// <summary>Every code bit a plane.</summary>
[Block(32)]
[Scale(ScalarType.Exponent8, Multiply = 0.25)]
[Codes(3, CodeKind.SignMagnitude), Plane(0, 1), Plane(1, 1), Plane(2, 1)]
[Encode(RangeRule.ExponentCeiling)]
public readonly partial record struct Bitwise;
