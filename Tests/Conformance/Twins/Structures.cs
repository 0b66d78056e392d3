namespace KernelGen.Conformance.Twins;

/// <summary>OneBit with f32 vectors.</summary>
[Block(Extent.Row), Codes(1, CodeKind.InvertedSign)]
[Outer(Row = ScalarType.Float32, Column = ScalarType.Float32)]
[PostNorm(1e-5)]
internal readonly partial record struct OneBitSingle;

/// <summary>PTQ1.61 with f32 parameters.</summary>
[Partition(Extent.Column, typeof(SalientRest), typeof(SalientInt4))]
internal readonly partial record struct SalientColumnsSingle;

/// <summary>The binarised columns.</summary>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float32, Per = Extent.Row), Min(ScalarType.Float32, Per = Extent.Row)]
[Outer(Row = ScalarType.Float32, Column = ScalarType.Float32)]
internal readonly partial record struct SalientRest;

/// <summary>The salient columns.</summary>
[Block(Extent.Row), Codes(4)]
[Scale(ScalarType.Float32, Per = Extent.Row), ZeroPoint(ScalarType.UInt4, Per = Extent.Row)]
[Encode(RangeRule.MinMaxWithZero, WholeRow = true)]
internal readonly partial record struct SalientInt4;

/// <summary>FBI-LLM with f32 parameters.</summary>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float32, Per = Extent.Column), Min(ScalarType.Float32, Per = Extent.Column)]
internal readonly partial record struct ColumnSigns;

/// <summary>DB-LLM's two planes of bits with f32 scales.</summary>
[Terms(typeof(FdbSinglePlane), typeof(FdbSinglePlane))]
internal readonly partial record struct FdbSingle;

/// <summary>A plane of bits.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(1)]
internal readonly partial record struct FdbSinglePlane;

/// <summary>BinaryDM's two planes of signs with f32 scales.</summary>
[Terms(typeof(LmbSinglePlane), Count = 2)]
internal readonly partial record struct LmbSingle;

/// <summary>A plane of signs.</summary>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Encode(RangeRule.AbsMean)]
internal readonly partial record struct LmbSinglePlane;

/// <summary>BitStack's residual blocks of rank one with f32 vectors.</summary>
[Terms(typeof(BitStackSingleTerm), Count = 3)]
internal readonly partial record struct BitStackSingle;

/// <summary>Signs inside an outer product, the first of eight in the high bit.</summary>
[Block(Extent.Row), Codes(1, CodeKind.Sign, HighFirst = true)]
[Outer(Row = ScalarType.Float32, Column = ScalarType.Float32)]
internal readonly partial record struct BitStackSingleTerm;

/// <summary>AdaDim: groups of 4 outputs of one input, f32 scales.</summary>
[Block(Extent.Row), Codes(3)]
[Scale(ScalarType.Float32, Per = Extent.Column, PerOutputs = 4), ZeroPoint(ScalarType.UInt3, Per = Extent.Column, PerOutputs = 4)]
internal readonly partial record struct PerInput3;

/// <summary>TriLM: an f32 scale per shard of outputs.</summary>
[Block(Extent.Row), Codes(2, CodeKind.Trit)]
[Scale(ScalarType.Float32, Per = Extent.Row, PerOutputs = Extent.Slab)]
internal readonly partial record struct TriLmSingle;

/// <summary>CLAQ with f32 tables.</summary>
[Block(Extent.Row), Codes(2)]
[LearnedCodebook(ScalarType.Float32, Per = Extent.Column)]
internal readonly partial record struct ColumnTablesSingle;

/// <summary>JLCM with an f32 table and scales.</summary>
[Block(Extent.Row), Codes(2)]
[LearnedCodebook(ScalarType.Float32, Per = Extent.Tensor)]
[Scale(ScalarType.Float32, Per = Extent.Row, PerOutputs = Extent.Runs)]
[Gather(Axis.Outputs, ScalarType.UInt16)]
internal readonly partial record struct RowGroupsSingle;
