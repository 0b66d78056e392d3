namespace KernelGen.Formats;

/// <summary>
/// Asymmetric int2 in groups of 32: <c>w = s * (q - z)</c>, q and z in 0…3, s an f16. 128 weights in 41 bytes, 2.5625 bits per
/// weight.
/// </summary>
/// <remarks>
/// The block holds four groups, because only four 2-bit zero points fill a byte: four scales, four zero points, the codes in input
/// order, low bits first. Encoder (round to nearest with a clamped zero point, as AWQ and BitMoD): over the group
/// s = max(max x - min x, 1e-5) / 3, z = -rne(min x / s) clipped to 0…3, q = rne(x / s) + z clipped likewise. A group whose
/// weights all have one sign therefore loses part of its range.
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float16, Per = 32)]
[ZeroPoint(ScalarType.UInt2, Per = 32)]
[Codes(2)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 3)]
public readonly partial record struct Int2AsymG32;

/// <summary>
/// Asymmetric int2 in groups of 64, as <see cref="Int2AsymG32"/> otherwise: 256 weights (four groups) in 73 bytes, 2.28125 bits per
/// weight.
/// </summary>
[Block(256)]
[Scale(ScalarType.Float16, Per = 64)]
[ZeroPoint(ScalarType.UInt2, Per = 64)]
[Codes(2)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 3)]
public readonly partial record struct Int2AsymG64;

/// <summary>
/// Asymmetric int2 in groups of 128, as <see cref="Int2AsymG32"/> otherwise: 512 weights (four groups) in 137 bytes, 2.140625 bits per
/// weight.
/// </summary>
[Block(512)]
[Scale(ScalarType.Float16, Per = 128)]
[ZeroPoint(ScalarType.UInt2, Per = 128)]
[Codes(2)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 3)]
public readonly partial record struct Int2AsymG128;
