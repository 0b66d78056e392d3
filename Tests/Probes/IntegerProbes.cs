namespace KernelGen.Probes;

/// <summary>Codes of a byte with an offset, a scale and a minimum.</summary>
[Block(32)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16)]
[Codes(8, Offset = -100)]
public readonly partial record struct Unsigned8Min;

/// <summary>Signed bytes, whole rows.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(8, CodeKind.Signed)]
public readonly partial record struct Signed8Row;

/// <summary>Sign and seven bits, exponent scale with NaN.</summary>
[Block(32)]
[Scale(ScalarType.E8M0)]
[Codes(8, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct SignMagnitude8;

/// <summary>Signed codes of 2 bits in a stream, blocks of 16.</summary>
[Block(16)]
[Scale(ScalarType.BFloat16)]
[Codes(2, CodeKind.Signed)]
public readonly partial record struct Signed2Block16;

/// <summary>Signed codes of 3 bits in a stream, blocks of 8.</summary>
[Block(8)]
[Scale(ScalarType.BFloat16)]
[Codes(3, CodeKind.Signed)]
public readonly partial record struct Signed3Block8;

/// <summary>Signed codes of 5 bits in a stream, blocks of 24.</summary>
[Block(24)]
[Scale(ScalarType.BFloat16)]
[Codes(5, CodeKind.Signed)]
public readonly partial record struct Signed5Block24;

/// <summary>Signed codes of 6 bits in a stream, blocks of 40.</summary>
[Block(40)]
[Scale(ScalarType.BFloat16)]
[Codes(6, CodeKind.Signed)]
public readonly partial record struct Signed6Block40;

/// <summary>Signed codes of 7 bits in a stream, blocks of 64.</summary>
[Block(64)]
[Scale(ScalarType.BFloat16)]
[Codes(7, CodeKind.Signed)]
public readonly partial record struct Signed7Block64;

/// <summary>Bits times a scale plus a minimum.</summary>
[Block(16)]
[Scale(ScalarType.Float32), Min(ScalarType.Float32, Sign = -1)]
[Codes(1)]
public readonly partial record struct Unsigned1Min;

/// <summary>Seven bits with an integer zero point of a byte.</summary>
[Block(32)]
[Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt8)]
[Codes(7)]
public readonly partial record struct Unsigned7Zero;

/// <summary>Four bits with a zero point of 16 bits.</summary>
[Block(16)]
[Scale(ScalarType.Float32), ZeroPoint(ScalarType.Int16)]
[Codes(4)]
public readonly partial record struct FreeZero;

/// <summary>Four bits with a zero point that is a float.</summary>
[Block(32)]
[Scale(ScalarType.Float16), ZeroPoint(ScalarType.Float16)]
[Codes(4)]
public readonly partial record struct FloatZero;

/// <summary>Groups of 6 with nibbles for zero points: segments that are no multiple of 4.</summary>
[Block(12)]
[Scale(ScalarType.Float16, Per = 6), ZeroPoint(ScalarType.UInt4, Per = 6)]
[Codes(4)]
public readonly partial record struct ZeroGroups;

/// <summary>Groups of two.</summary>
[Block(8)]
[Scale(ScalarType.Float16, Per = 2)]
[Codes(4, Offset = -8)]
public readonly partial record struct SmallGroups;

/// <summary>A block of 20.</summary>
[Block(20)]
[Scale(ScalarType.Float16)]
[Codes(4, CodeKind.Signed)]
public readonly partial record struct Odd20;

/// <summary>A block of 100 with groups of 50.</summary>
[Block(100)]
[Scale(ScalarType.Float16, Per = 50), Min(ScalarType.BFloat16, Per = 50)]
[Codes(2)]
public readonly partial record struct Odd100;

/// <summary>A block of 512: two activation groups to a scale.</summary>
[Block(512)]
[Scale(ScalarType.Float16)]
[Codes(4, Offset = -8)]
public readonly partial record struct Large512;

/// <summary>A block of 768 with groups of 96.</summary>
[Block(768)]
[Scale(ScalarType.Float16, Per = 96), Min(ScalarType.Float16, Per = 96)]
[Codes(4)]
public readonly partial record struct Large768;

/// <summary>Rows must be a multiple of 16.</summary>
[Block(16, Ragged = RaggedRows.Reject)]
[Scale(ScalarType.Float16)]
[Codes(4, Offset = -8)]
public readonly partial record struct Rejecting;

/// <summary>Only codes in the block: short tails under a scale of the matrix.</summary>
[Block(64, Ragged = RaggedRows.Short)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3, Offset = -4)]
public readonly partial record struct ShortTensor;

/// <summary>Whole rows of 5 bits with a scale, an f16 and an integer zero point per row.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row), ZeroPoint(ScalarType.UInt8, Per = Extent.Row)]
[Codes(5)]
public readonly partial record struct RowZero;

/// <summary>Whole rows with a scale and a minimum per row.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.BFloat16, Per = Extent.Row), Min(ScalarType.Float32, Per = Extent.Row)]
[Codes(2)]
public readonly partial record struct RowMin;

/// <summary>Signs under a scale of the row.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(1, CodeKind.Sign)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct SignRow;

/// <summary>Inverted signs with a scale and a mean.</summary>
[Block(128)]
[Scale(ScalarType.Float16), Min(ScalarType.Float16)]
[Codes(1, CodeKind.InvertedSign)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct InvertedSigns;

/// <summary>Codes that are the weights.</summary>
[Block(32)]
[Codes(4, CodeKind.Signed)]
public readonly partial record struct Unscaled;

/// <summary>Blocks smaller than a packed one, with nothing but codes in them.</summary>
[Block(8)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(4, CodeKind.Signed)]
public readonly partial record struct SmallTensor;

/// <summary>A format of activations whose scales cover no whole packed block of others, with zero points.</summary>
[Block(48)]
[Scale(ScalarType.Float16, Per = 12), ZeroPoint(ScalarType.UInt4, Per = 12)]
[Codes(4)]
public readonly partial record struct ZeroedActivations;

/// <summary>Weights whose kernels take a step for 4 activations, and have a zero point for more.</summary>
[Block(64)]
[Scale(ScalarType.Float16, Per = 32), ZeroPoint(ScalarType.UInt4, Per = 32)]
[Codes(4)]
[Activations(typeof(ZeroedActivations))]
public readonly partial record struct ShortSteps;

/// <summary>A long block whose activations have steps of 24 inputs, in segments of 12.</summary>
[Block(720)]
[Scale(ScalarType.Float16, Per = 12), Min(ScalarType.Float16, Per = 12)]
[Codes(5, Offset = -16)]
[Activations(typeof(Steps24))]
public readonly partial record struct LongBlockOfSteps;

/// <summary>A format of activations in blocks of 24, a power of two for each.</summary>
[Block(24)]
[Scale(ScalarType.E8M0)]
[Codes(5), Codebook(-15.5, -13, -11, -9, -7.5, -6, -5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5, -0.25, 0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 12, 15)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct Steps24;

/// <summary>A format of activations with integer scales below a float of the row.</summary>
[Block(32)]
[Scale(ScalarType.Float16, Per = Extent.Row), Scale(ScalarType.UInt8, Per = 16)]
[Codes(4, CodeKind.SignMagnitude)]
[Encode(RangeRule.AbsMax, RowLimit = 120, MinScale = 1)]
public readonly partial record struct ActivationsUnderRow;

/// <summary>Sub-scales and minima of 4 bits that are no integers, but of halves and quarters.</summary>
[Block(128)]
[Scale(ScalarType.Float16, Name = "d"), Scale(ScalarType.UInt4, Per = 16, Multiply = 0.5, Name = "s")]
[Min(ScalarType.Float16, Sign = -1, Name = "dm"), Min(ScalarType.UInt4, Per = 16, Multiply = 0.25, Name = "m")]
[Codes(4)]
public readonly partial record struct FractionalNibbles;

/// <summary>Signed sub-scales in eighths for every 32 inputs.</summary>
[Block(256)]
[Scale(ScalarType.Float16, Name = "d"), Scale(ScalarType.Int6, Per = 32, Multiply = 0.375, Add = 0.125, Name = "s")]
[Codes(5, Offset = -16)]
public readonly partial record struct FractionalSigned;
