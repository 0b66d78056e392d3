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
