namespace KernelGen.Probes;

/// <summary>Integer sub-scales and minima below a float, to which more is added: no integer sums over a block.</summary>
[Block(64)]
[Scale(ScalarType.Float16), Scale(ScalarType.UInt6, Per = 16), Scale(ScalarType.Int8, Per = 32, Multiply = 0.125, Added = true)]
[Min(ScalarType.UInt4, Per = 16), Min(ScalarType.Float16), Min(ScalarType.Float32, Per = Extent.Row, Added = true)]
[Codes(4)]
public readonly partial record struct AddedLevels;

/// <summary>A zero point of two factors, of sums of the row and the matrix, and a scale that is a sum of floats.</summary>
[Block(32)]
[ZeroPoint(ScalarType.Float16, Per = Extent.Tensor, Added = true), ZeroPoint(ScalarType.UInt4, Per = 16), ZeroPoint(ScalarType.Float16, Per = Extent.Row)]
[ZeroPoint(ScalarType.Int4, Per = 16, Added = true, Name = "more")]
[Scale(ScalarType.BFloat16), Scale(ScalarType.Float32, Per = 8, Added = true)]
[Codes(5)]
public readonly partial record struct AddedZeros;

/// <summary>One byte of scale for 8 inputs, a vector of them at a time.</summary>
[Block(256)]
[Scale(ScalarType.UInt8, Per = 8, Multiply = 1.0 / 255), Scale(ScalarType.Float32, Per = Extent.Row), Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true)]
[Codes(4, Offset = -8)]
public readonly partial record struct AddedByVectors;

/// <summary>A scale for three blocks of a row and three outputs, a scalar below it and a number of the row added; a minimum for two blocks.</summary>
[Block(16)]
[Scale(ScalarType.Float16, Per = 48, PerOutputs = 3)]
[Scale(typeof(ScalePart), Per = 8), Scale(ScalarType.Float16, Per = Extent.Row, Added = true)]
[Codes(4, HighFirst = true), Codebook(CodebookFamily.NormalFloat)]
[Min(ScalarType.BFloat16, Per = 32)]
public readonly partial record struct Runs;

/// <summary>A scale of four bits.</summary>
[Codes(4), Minifloat(2, 2, Signed = false)]
public readonly partial record struct ScalePart;

/// <summary>Scales counted through the blocks of the matrix, between the codes.</summary>
[Block(16)]
[Codes(3, CodeKind.Signed), Slice("codes", 3, 0, 16, 3)]
[Scale(ScalarType.Float32, Per = 80, Flat = true)]
[Scale(ScalarType.Exponent8, Per = 32, Flat = true, Added = true)]
public readonly partial record struct FlatRuns;

/// <summary>Tiles of two outputs and three blocks that share an exponent.</summary>
[Block(16)]
[Scale(ScalarType.Exponent8, Multiply = 1.0 / 8, Per = 48, PerOutputs = 2)]
[Codes(4, CodeKind.SignMagnitude)]
[Encode(RangeRule.ExponentCeiling)]
public readonly partial record struct LongTiles;

/// <summary>Parts whose blocks are counted through their own columns.</summary>
[Partition(Extent.Column, typeof(Runs), typeof(FlatRuns))]
public readonly partial record struct PartsOfRuns;
