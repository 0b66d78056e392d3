namespace KernelGen.Conformance.Twins;

/// <summary>Asymmetric int4 in groups of 16 (two, to fill a byte with zero points), clamped zero point, f32 scale.</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = 16)]
[ZeroPoint(ScalarType.UInt4, Per = 16)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
internal readonly partial record struct Int4AsymG16;

/// <summary>As <see cref="Int4AsymG16"/> with a zero point that is not clamped.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[ZeroPoint(ScalarType.Int16)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
internal readonly partial record struct Int4AsymFreeZero;

/// <summary>As <see cref="Int4AsymG16"/> with a range that contains 0.</summary>
[Block(32)]
[Scale(ScalarType.Float32, Per = 16)]
[ZeroPoint(ScalarType.UInt4, Per = 16)]
[Codes(4)]
[Encode(RangeRule.MinMaxWithZero)]
internal readonly partial record struct Int4AsymWithZero;

/// <summary>Asymmetric int2 in groups of 16.</summary>
[Block(64)]
[Scale(ScalarType.Float32, Per = 16)]
[ZeroPoint(ScalarType.UInt2, Per = 16)]
[Codes(2)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 3)]
internal readonly partial record struct Int2AsymG16;

/// <summary>Symmetric int4 in groups of 16, f32 scale.</summary>
[Block(16)]
[Scale(ScalarType.Float32)]
[Codes(4, CodeKind.Signed)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct Int4SymG16;

/// <summary>Symmetric int4 in groups of 16, f16 scale.</summary>
[Block(16)]
[Scale(ScalarType.Float16)]
[Codes(4, CodeKind.Signed)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct Int4SymG16Half;

/// <summary>Symmetric int8 with one scale per row (per token).</summary>
[Block(Extent.Row)]
[Scale(ScalarType.Float32, Per = Extent.Row)]
[Codes(8, CodeKind.Signed)]
[Encode(RangeRule.AbsMax)]
internal readonly partial record struct Int8Token;

/// <summary>Mesa: 8 bits between the least value and the greatest; the scale is stored as the range.</summary>
[Block(16)]
[Scale(ScalarType.Float32, Multiply = 1.0 / 255)]
[Min(ScalarType.Float32)]
[Codes(8)]
[Encode(RangeRule.MinMax)]
internal readonly partial record struct MesaHead;

/// <summary>QServe: 4-bit groups of the 8-bit integers of a row that leave a margin, 119 of 127.</summary>
[Block(16)]
[Scale(ScalarType.Float32, Per = Extent.Row), Scale(ScalarType.UInt8), ZeroPoint(ScalarType.UInt4)]
[Codes(4)]
[Encode(RangeRule.MinMax, RowLimit = 119, RowIntegers = true, MinScale = 1, StoredScaleFirst = true)]
internal readonly partial record struct QServe;

/// <summary>DGQ: group scales that are multiples of the row's, codes whose products stay within 127.</summary>
[Block(16)]
[Scale(ScalarType.Float32, Per = Extent.Row), Scale(ScalarType.Int8), ZeroPoint(ScalarType.Int8)]
[Codes(4, HighFirst = true)]
[Encode(RangeRule.MinMax, RowLimit = 127, MinScale = 1, ProductLimit = 127)]
internal readonly partial record struct Dgq;
