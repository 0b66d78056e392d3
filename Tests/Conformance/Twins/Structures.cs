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
