namespace KernelGen.Probes;

/// <summary>The median of rows that end early.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMedian)]
public readonly partial record struct MedianRow;

/// <summary>The median of groups.</summary>
[Block(48)]
[Scale(ScalarType.BFloat16, Per = 24)]
[Codes(2, CodeKind.Trit)]
[Encode(RangeRule.AbsMedian, Rounds = 2)]
public readonly partial record struct MedianGroups;

/// <summary>Mean and deviation of the matrix over an uneven table.</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = Extent.Tensor), Min(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3), Codebook(-2, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 2)]
[Encode(RangeRule.StandardDeviation, ScaleEpsilon = 1e-5, Reciprocal = true)]
public readonly partial record struct DeviationTensor;

/// <summary>Signs around the mean of groups, fitted.</summary>
[Block(64)]
[Scale(ScalarType.Float16, Per = 32), Min(ScalarType.Float16, Per = 32)]
[Codes(1, CodeKind.InvertedSign)]
[Encode(RangeRule.CentredAbsMean, Rounds = 5)]
public readonly partial record struct CentredSigns;

/// <summary>A scale and a minimum of the matrix, fitted.</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = Extent.Tensor), Min(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Signed)]
[Encode(RangeRule.MinMax, Rounds = 3)]
public readonly partial record struct FittedTensor;

/// <summary>Codes cut toward zero, with a zero point.</summary>
[Block(32)]
[Scale(ScalarType.Float16), ZeroPoint(ScalarType.UInt8)]
[Codes(5)]
[Encode(RangeRule.MinMax, Rounding = CodeRounding.TowardZero)]
public readonly partial record struct CutZero;

/// <summary>A table cut toward zero.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(3), Codebook(-4, -2, -1, 0, -0.0, 1, 2, 4)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.TowardZero)]
public readonly partial record struct CutTable;

/// <summary>A minifloat rounded without carry.</summary>
[Block(32)]
[Scale(ScalarType.Float32)]
[Codes(6), Minifloat(3, 2)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-6)]
public readonly partial record struct WithoutCarry6;

/// <summary>Powers of two rounded by their logarithm, under the reciprocal exponent.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8)]
[Codes(5), Codebook(CodebookFamily.PowersOfTwo)]
[Encode(RangeRule.ExponentReciprocal, Rounding = CodeRounding.Logarithmic, LogEpsilon = 0.001)]
public readonly partial record struct Logarithms;

/// <summary>The dynamic map of 8 bits.</summary>
[Block(64)]
[Scale(ScalarType.Float32)]
[Codes(8), Codebook(CodebookFamily.Dynamic)]
public readonly partial record struct DynamicMap8;

/// <summary>Integer scales under a float of the row, whose integers the weights become first; the zero point against the stored scale.</summary>
[Block(32)]
[Scale(ScalarType.Float16, Per = Extent.Row), Scale(ScalarType.UInt6, Per = 8, Name = "s"), Slice("s", 6, 0, 4, 8), Pad(2, Per = 8), Slice("pad", 2, 6, 4, 8)]
[ZeroPoint(ScalarType.UInt4, Per = 8), Codes(3)]
[Encode(RangeRule.MinMax, RowLimit = 100, RowIntegers = true, MinScale = 1, StoredScaleFirst = true)]
public readonly partial record struct ProgressiveGroups;

/// <summary>The same without zero points, the codes within the reach of a product.</summary>
[Block(32)]
[Scale(ScalarType.BFloat16, Per = Extent.Row), Scale(ScalarType.Int8, Per = 16)]
[Codes(5, CodeKind.Signed)]
[Encode(RangeRule.AbsMax, RowLimit = 127, MinScale = 1, ProductLimit = 127)]
public readonly partial record struct ProgressiveSigned;

/// <summary>Zero points of codes with an offset, found against the stored scale, within the reach of a product.</summary>
[Block(32)]
[Scale(ScalarType.Float16, Per = 16), ZeroPoint(ScalarType.Int8, Per = 16)]
[Codes(4, Offset = -3)]
[Encode(RangeRule.MinMax, StoredScaleFirst = true, ProductLimit = 1)]
public readonly partial record struct ReachedZero;

/// <summary>Smaller ranges of groups with a zero point.</summary>
[Block(32)]
[Scale(ScalarType.Float16, Per = 16), ZeroPoint(ScalarType.UInt4, Per = 16)]
[Codes(2)]
[Encode(RangeRule.MinMax, Shrinks = 20, LeastRange = 0.5)]
public readonly partial record struct ShrunkZero;

/// <summary>The same groups with the whole range.</summary>
[Block(32)]
[Scale(ScalarType.Float16, Per = 16), ZeroPoint(ScalarType.UInt4, Per = 16)]
[Codes(2)]
[Encode(RangeRule.MinMax)]
public readonly partial record struct WholeZero;

/// <summary>Smaller ranges of a row, then fitted.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row), Min(ScalarType.Float32, Per = Extent.Row)]
[Codes(3)]
[Encode(RangeRule.MinMaxWithZero, Shrinks = 10, Rounds = 2)]
public readonly partial record struct ShrunkRow;

/// <summary>Smaller ranges of the matrix over a table.</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3), Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax, Shrinks = 8, LeastRange = 0.4)]
public readonly partial record struct ShrunkTensor;
