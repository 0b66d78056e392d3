namespace KernelGen.Formats;

/// <summary>
/// Asymmetric int3 in groups of 32: <c>w = s * (q - z)</c>, q and z in 0…7, s an f16. 256 weights in 115 bytes, 3.59375 bits per
/// weight.
/// </summary>
/// <remarks>
/// The block holds eight groups, because only eight 3-bit zero points fill bytes: eight scales, eight zero points, the codes in input
/// order, low bits first. Encoder (round to nearest with a clamped zero point, as AWQ and BitMoD): over the group
/// s = max(max x - min x, 1e-5) / 7, z = -rne(min x / s) clipped to 0…7, q = rne(x / s) + z clipped likewise. A group whose
/// weights all have one sign therefore loses part of its range.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float16, Per = 32)]
[ZeroPoint(ScalarType.UInt3, Per = 32)]
[Codes(3)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 7)]
public readonly partial record struct Int3AsymG32;

/// <summary>Asymmetric int3 in groups of 64, as <see cref="Int3AsymG32"/> otherwise: 512 weights in 211 bytes, 3.296875 bits per weight.</summary>
[Block(512)]
[Scale(ScalarType.Float16, Per = 64)]
[ZeroPoint(ScalarType.UInt3, Per = 64)]
[Codes(3)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 7)]
public readonly partial record struct Int3AsymG64;

/// <summary>Asymmetric int3 in groups of 128, as <see cref="Int3AsymG32"/> otherwise: 1024 weights in 403 bytes, 3.1484375 bits per weight.</summary>
[Block(1024)]
[Scale(ScalarType.Float16, Per = 128)]
[ZeroPoint(ScalarType.UInt3, Per = 128)]
[Codes(3)]
[Encode(RangeRule.MinMax, MinScale = 1e-5 / 7)]
public readonly partial record struct Int3AsymG128;
