namespace KernelGen.Conformance.Twins;

/// <summary>BitNet b1.58: trits and one scale for the matrix, mean|x|.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMean, MinScale = 1e-5)]
internal readonly partial record struct BitNet;

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
[Encode(RangeRule.AbsMean)]
internal readonly partial record struct SignsWithMean;

/// <summary>T-MAC's bit planes of 2-bit codes, the codes meaning -2…1.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, Offset = -2), Plane(0, 1), Plane(1, 1)]
internal readonly partial record struct TMac;
