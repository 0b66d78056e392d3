namespace KernelGen.Formats;

/// <summary>
/// PTQ1.61: a bit per input says which columns are salient. Those are 4-bit integers, <c>w = s[o] * (q - z[o])</c>; the others are signs,
/// <c>w = (r1[o] * r2[i]) * (α[o] * B + μ[o])</c>. With a fifth of the columns salient and 4096 x 4096 weights 1.621 bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "mask" of shape [I], 1 for salient columns; under "parts.0." those of <see cref="Ptq161Binary"/>, under "parts.1." those of
/// <see cref="Ptq161Salient"/>. Both parts store their own columns only, in their order, so both are dense.
/// Bits: 0.2 * 4 + 0.8, 1 / O for the mask, 16 / O for r2, and (3 * 16 + 16 + 4) / I for α, μ, r1, s and z; the published 1.61 counts fewer vectors.
/// Encoder: the salient columns are those of the largest activations, r1 = r2 = 1 (KernelGen.Encoders); α, r1 and r2 are then trained.
/// Source: Zhao et al., PTQ1.61: Push the Real Limit of Extremely Low-Bit Post-Training Quantization Methods for Large Language Models (2025).
/// </remarks>
[Partition(Extent.Column, typeof(Ptq161Binary), typeof(Ptq161Salient))]
public readonly partial record struct Ptq161;

/// <summary>The binarised columns of <see cref="Ptq161"/>: <c>w = (r1[o] * r2[i]) * (α[o] * B + μ[o])</c>, B in {-1, +1}.</summary>
/// <remarks>Tensors: "blocks", a bit per weight, 1 for +1; "scale" (α), "min" (μ) and "row" (r1) of shape [O]; "column" (r2) of shape [I].</remarks>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float16, Per = Extent.Row), Min(ScalarType.Float16, Per = Extent.Row)]
[Outer(Row = ScalarType.Float16, Column = ScalarType.Float16)]
public readonly partial record struct Ptq161Binary;

/// <summary>The salient columns of <see cref="Ptq161"/>: <c>w = s[o] * (q - z[o])</c>, q in 0…15; s and z from the range of the whole row.</summary>
/// <remarks>Tensors: "blocks", four bits per weight, the first of two in the low half of a byte; "scale" and, four bits each, "zero" of shape [O].</remarks>
[Block(Extent.Row), Codes(4)]
[Scale(ScalarType.Float16, Per = Extent.Row), ZeroPoint(ScalarType.UInt4, Per = Extent.Row)]
[Encode(RangeRule.MinMaxWithZero, WholeRow = true)]
public readonly partial record struct Ptq161Salient;
