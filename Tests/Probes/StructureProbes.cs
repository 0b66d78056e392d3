namespace KernelGen.Probes;

/// <summary>A vector over the outputs around blocks with scales.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(4, Offset = -8)]
[Outer(Row = ScalarType.BFloat16)]
public readonly partial record struct RowVector;

/// <summary>A vector over the inputs around whole rows, and a norm.</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(8, CodeKind.Signed)]
[Outer(Column = ScalarType.Float32)]
[PostNorm(0.5)]
public readonly partial record struct ColumnVectorNorm;

/// <summary>A minimum per input, of four bits with a transform, around blocks with scales of two levels.</summary>
[Block(32)]
[Scale(ScalarType.Float16), Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(3)]
[Min(ScalarType.UInt4, Per = Extent.Column, Multiply = 0.125, Add = -1, Name = "shift")]
public readonly partial record struct ColumnMin;

/// <summary>A negative scale per input around codes with a zero point per row, and both vectors.</summary>
[Block(Extent.Row)]
[Codes(3)]
[ZeroPoint(ScalarType.UInt4, Per = Extent.Row)]
[Scale(ScalarType.BFloat16, Per = Extent.Column, Sign = -1)]
[Outer(Row = ScalarType.Float32, Column = ScalarType.Float16)]
public readonly partial record struct ColumnScaleZero;

/// <summary>An exponent per input.</summary>
[Block(Extent.Row)]
[Codes(2, CodeKind.Signed)]
[Scale(ScalarType.Exponent8, Per = Extent.Column, Multiply = 0.5)]
public readonly partial record struct ColumnExponent;

/// <summary>Three parts: a cell in padded blocks, one structure twice; both vectors around all, and a norm.</summary>
[Partition(Extent.Column, typeof(Unsigned8Min), typeof(ColumnSigns), typeof(ColumnSigns))]
[Outer(Row = ScalarType.Float16, Column = ScalarType.Float16)]
[PostNorm(1e-6)]
public readonly partial record struct ThreeParts;

/// <summary>Two parts of one cell.</summary>
[Partition(Extent.Column, typeof(Signed8Row), typeof(Signed8Row))]
public readonly partial record struct TwoEqualParts;

/// <summary>Signs with a scale and a minimum per input.</summary>
[Block(Extent.Row)]
[Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float32, Per = Extent.Column), Min(ScalarType.Float16, Per = Extent.Column)]
public readonly partial record struct ColumnSigns;

/// <summary>Three terms of two formats in blocks that do not fit together, and both vectors around the sum.</summary>
[Terms(typeof(Unsigned8Min), typeof(Signed8Row), typeof(ColumnSigns))]
[Outer(Row = ScalarType.Float32, Column = ScalarType.BFloat16)]
public readonly partial record struct ThreeTerms;

/// <summary>A sum of a sum and a cell, and a norm.</summary>
[Terms(typeof(ThreeTerms), typeof(RowVector))]
[PostNorm(1e-3)]
public readonly partial record struct NestedTerms;

/// <summary>Two parts, one of them a sum of one term twice.</summary>
[Partition(Extent.Column, typeof(TwoTerms), typeof(Signed8Row))]
public readonly partial record struct PartsWithTerms;

/// <summary>One term twice.</summary>
[Terms(typeof(RowVector), Count = 2)]
public readonly partial record struct TwoTerms;

/// <summary>A zero point, a scale and a minimum for every input and 3 outputs.</summary>
[Block(Extent.Row)]
[Codes(5)]
[Scale(ScalarType.Float32, Per = Extent.Column, PerOutputs = 3), ZeroPoint(ScalarType.UInt6, Per = Extent.Column, PerOutputs = 3, Multiply = 0.5)]
[Min(ScalarType.BFloat16, Per = Extent.Column, PerOutputs = 3)]
public readonly partial record struct ColumnGroups;

/// <summary>A zero point per input around signed codes, and a vector over the outputs.</summary>
[Block(Extent.Row)]
[Codes(8, CodeKind.Signed)]
[ZeroPoint(ScalarType.Int8, Per = Extent.Column)]
[Outer(Row = ScalarType.Float16, Column = ScalarType.Float32)]
public readonly partial record struct ColumnZero;

/// <summary>Tiles of 5 outputs with a scale, the 4-bit scales of half of them, of 2 outputs, and codes between.</summary>
[Block(32)]
[Scale(ScalarType.UInt4, Per = 16, PerOutputs = 2, Multiply = 0.25, Add = 1)]
[Codes(4, Offset = -8)]
[Scale(ScalarType.Float16, PerOutputs = 5), Min(ScalarType.Float16)]
public readonly partial record struct Tiles;

/// <summary>A minimum per slab of outputs and a scale per 4 rows.</summary>
[Block(Extent.Row)]
[Codes(3)]
[Scale(ScalarType.Float32, Per = Extent.Row, PerOutputs = 4), Min(ScalarType.Float16, Per = Extent.Row, PerOutputs = Extent.Slab)]
public readonly partial record struct RowGroups;

/// <summary>Parts with groups of outputs and of slabs, a sum among them.</summary>
[Partition(Extent.Column, typeof(ColumnGroups), typeof(RowGroups), typeof(TermsOfGroups))]
public readonly partial record struct PartsOfGroups;

/// <summary>A sum of tiles and slabs.</summary>
[Terms(typeof(Tiles), typeof(RowGroups), typeof(ColumnGroups))]
public readonly partial record struct TermsOfGroups;

/// <summary>Rows in another order, in runs with a table each; a vector over the rows, as they are stored.</summary>
[Block(32)]
[Scale(ScalarType.Float16)]
[Codes(3)]
[LearnedCodebook(ScalarType.BFloat16, PerOutputs = Extent.Runs)]
[Outer(Row = ScalarType.Float32, Column = ScalarType.Float16)]
[Gather(Axis.Outputs, ScalarType.UInt32)]
public readonly partial record struct GatheredRuns;

/// <summary>Tiles of three rows in another order, with a zero point per run of rows.</summary>
[Block(16)]
[Scale(ScalarType.Float16, PerOutputs = 3)]
[Codes(4)]
[ZeroPoint(ScalarType.UInt4, Per = Extent.Row, PerOutputs = Extent.Runs)]
[Gather(Axis.Outputs, ScalarType.UInt16)]
public readonly partial record struct GatheredTiles;

/// <summary>A table for every four rows, and a scale per input.</summary>
[Block(Extent.Row)]
[Codes(2)]
[LearnedCodebook(ScalarType.Float16, PerOutputs = 4)]
[Scale(ScalarType.Float32, Per = Extent.Column)]
public readonly partial record struct TablePerFourRows;

/// <summary>Terms in the order of the outputs and in another, and tables per input.</summary>
[Terms(typeof(GatheredRuns), typeof(ColumnTable3))]
public readonly partial record struct GatheredTerm;
