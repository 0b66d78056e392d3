namespace KernelGen.Formats;

/// <summary>
/// Asymmetric int2 with one scale and one zero point for each row (GPTQ's and AWQ's group size -1): <c>w = s * (q - z)</c>, q and z in 0…3, s an
/// f16. 2 bits per weight and 24 a row.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first, each row ending at its last byte; of each row, aside, the scale and in a byte of its own the
/// zero point. Encoder: as <see cref="Int2AsymG32"/>'s, over the row.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[ZeroPoint(ScalarType.UInt2, Per = Extent.Row)]
[Codes(2)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 3)]
public readonly partial record struct Int2AsymRow;

/// <summary>
/// Asymmetric int3 with one scale and one zero point for each row (GPTQ's and AWQ's group size -1): <c>w = s * (q - z)</c>, q and z in 0…7, s an
/// f16. 3 bits per weight and 24 a row.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first, each row ending at its last byte; of each row, aside, the scale and in a byte of its own the
/// zero point. Encoder: as <see cref="Int3AsymG32"/>'s, over the row.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[ZeroPoint(ScalarType.UInt3, Per = Extent.Row)]
[Codes(3)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 7)]
public readonly partial record struct Int3AsymRow;

/// <summary>
/// Asymmetric int4 with one scale and one zero point for each row (GPTQ's and AWQ's group size -1): <c>w = s * (q - z)</c>, q and z in 0…15, s an
/// f16. 4 bits per weight and 24 a row.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first, each row ending at its last byte; of each row, aside, the scale and in a byte of its own the
/// zero point. Encoder: as <see cref="Int4AsymG32"/>'s, over the row.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[ZeroPoint(ScalarType.UInt4, Per = Extent.Row)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
public readonly partial record struct Int4AsymRow;

/// <summary>
/// Asymmetric int8 with one scale and one zero point for each row (GPTQ's and AWQ's group size -1): <c>w = s * (q - z)</c>, q and z in 0…255, s an
/// f16. 8 bits per weight and 24 a row.
/// </summary>
/// <remarks>
/// Layout: the codes in input order, low bits first, each row ending at its last byte; of each row, aside, the scale and in a byte of its own the
/// zero point. Encoder: as <see cref="Int8AsymG32"/>'s, over the row.
/// </remarks>
[Block(Extent.Row)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[ZeroPoint(ScalarType.UInt8, Per = Extent.Row)]
[Codes(8)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 255)]
public readonly partial record struct Int8AsymRow;
