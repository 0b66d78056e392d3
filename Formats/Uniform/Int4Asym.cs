namespace KernelGen.Formats;

/// <summary>
/// Asymmetric int4 in groups of 32: <c>w = s * (q - z)</c>, q and z in 0…15, s an f16. 64 weights in 37 bytes, 4.625 bits per
/// weight.
/// </summary>
/// <remarks>
/// The block holds two groups, because only two 4-bit zero points fill a byte: two scales, two zero points, the codes in input
/// order, low bits first. Encoder (round to nearest with a clamped zero point, as AWQ and BitMoD): over the group
/// s = max(max x - min x, 1e-5) / 15, z = -rne(min x / s) clipped to 0…15, q = rne(x / s) + z clipped likewise. A group whose
/// weights all have one sign therefore loses part of its range.
/// </remarks>
[Block(64)]
[Scale(ScalarType.Float16, Per = 32)]
[ZeroPoint(ScalarType.UInt4, Per = 32)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
public readonly partial record struct Int4AsymG32;

/// <summary>
/// Asymmetric int4 in groups of 64, as <see cref="Int4AsymG32"/> otherwise: 128 weights (two groups) in 69 bytes, 4.3125 bits per
/// weight.
/// </summary>
[Block(128)]
[Scale(ScalarType.Float16, Per = 64)]
[ZeroPoint(ScalarType.UInt4, Per = 64)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
public readonly partial record struct Int4AsymG64;

/// <summary>
/// Asymmetric int4 in groups of 128, as <see cref="Int4AsymG32"/> otherwise: 256 weights (two groups) in 133 bytes, 4.15625 bits per
/// weight.
/// </summary>
[Block(256)]
[Scale(ScalarType.Float16, Per = 128)]
[ZeroPoint(ScalarType.UInt4, Per = 128)]
[Codes(4)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 15)]
public readonly partial record struct Int4AsymG128;
