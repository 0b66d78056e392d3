namespace KernelGen.Conformance.Twins;

/// <summary>BitNet b1.58: trits and one scale for the matrix, mean|x|.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMean, MinScale = 1e-5)]
internal readonly partial record struct BitNet;

/// <summary>BitNet b1.58 Reloaded: one scale for the matrix, the lower median of |x|.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMedian, MinScale = 1e-5)]
internal readonly partial record struct BitNetMedian;

/// <summary>TL1: pairs of trits in 4 bits.</summary>
[Block(4)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit), Digits(3, 2, Bits = 4)]
internal readonly partial record struct TrinaryPairs;

/// <summary>TL2: triples of trits as a sign and a magnitude, which stand apart.</summary>
[Block(24)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit), Digits(3, 3, Bits = 5, Mirror = true), Plane(0, 4), Plane(4, 1)]
internal readonly partial record struct TrinaryTriples;

/// <summary>Five trits in a byte.</summary>
[Block(5)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit), Digits(3, 5)]
internal readonly partial record struct TrinaryBytes;

/// <summary>Trits, four to a byte in input order.</summary>
[Block(4)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit)]
internal readonly partial record struct TwoBitTrits;

/// <summary>bitnet.cpp's I2_S on x86: inputs p, p + 32, p + 64 and p + 96 share byte p, the first in the high bits.</summary>
[Block(128)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit, Stripe = 32, HighFirst = true)]
internal readonly partial record struct I2S;

/// <summary>Signs with a scale and a mean per row.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Min(ScalarType.Float32, Per = Extent.Row)]
[Codes(1, CodeKind.Sign)]
[Encode(RangeRule.CentredAbsMean)]
internal readonly partial record struct SignsWithMean;

/// <summary>The same, the mean and the scale fitted to the signs in 15 rounds.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Min(ScalarType.Float32, Per = Extent.Row)]
[Codes(1, CodeKind.Sign)]
[Encode(RangeRule.CentredAbsMean, Rounds = 15)]
internal readonly partial record struct SignsFitted;

/// <summary>T-MAC's bit planes of 2-bit codes, the codes meaning -2…1.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, Offset = -2), Plane(0, 1), Plane(1, 1)]
internal readonly partial record struct TMac;
