using KernelGen;

namespace Quickstart;

/// <summary>
/// A format of your own: copy this file, change the attributes, run. Here asymmetric int3 in groups of 64:
/// <c>w = s * (q - z)</c>, q in 0…7, s an f16, z a byte. 64 weights in 27 bytes, 3.375 bits per weight.
/// </summary>
/// <remarks>
/// The attributes are the format: their order is the layout, and everything else (packing, quantizing, dequantizing, products
/// for every instruction set) is generated from them. The struct stays empty. Things to try: <c>Codes(5)</c>; <c>Block(32)</c>;
/// <c>[Min(ScalarType.Float16)]</c> instead of the zero point, so that <c>w = s * q + m</c>; no zero point and
/// <c>Codes(3, Offset = -4)</c>. What cannot work is a build error at the attribute that says why.
/// docs/language.md lists all attributes; the formats of the package stand in the folder Formats.
/// </remarks>
[Block(64)]                                     // 64 consecutive inputs of a row are stored together …
[Scale(ScalarType.Float16)]                     // … first the scale s, two bytes …
[ZeroPoint(ScalarType.UInt8)]                   // … then the zero point z, one byte …
[Codes(3)]                                      // … then 64 codes q of three bits, 24 bytes.
[Encode(RangeRule.MinMaxWithZero)]              // How quantizing chooses s and z: the group's range, extended to contain 0.
public readonly partial record struct MyFormat;
