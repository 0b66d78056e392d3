namespace KernelGen.Formats;

/// <summary>
/// Asymmetric int8 in groups of 32: <c>w = s * (q - z)</c>, q and z in 0…255, s an f16. 32 weights in 35 bytes, 8.75 bits per
/// weight.
/// </summary>
/// <remarks>
/// The block holds one group: the scale, the zero point, the codes in input order. Encoder (round to nearest with a clamped zero point, as AWQ and BitMoD): over the group
/// s = max(max x - min x, 1e-5) / 255, z = -rne(min x / s) clipped to 0…255, q = rne(x / s) + z clipped likewise. A group whose
/// weights all have one sign therefore loses part of its range.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Float16)]
[ZeroPoint(ScalarType.UInt8)]
[Codes(8)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 255)]
public readonly partial record struct Int8AsymG32;

/// <summary>Asymmetric int8 in groups of 64, as <see cref="Int8AsymG32"/> otherwise: 64 weights in 67 bytes, 8.375 bits per weight.</summary>
[Block(64)]
[Scale(ScalarType.Float16)]
[ZeroPoint(ScalarType.UInt8)]
[Codes(8)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 255)]
public readonly partial record struct Int8AsymG64;

/// <summary>Asymmetric int8 in groups of 128, as <see cref="Int8AsymG32"/> otherwise: 128 weights in 131 bytes, 8.1875 bits per weight.</summary>
[Block(128)]
[Scale(ScalarType.Float16)]
[ZeroPoint(ScalarType.UInt8)]
[Codes(8)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 255)]
public readonly partial record struct Int8AsymG128;
