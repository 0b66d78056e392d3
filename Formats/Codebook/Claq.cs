namespace KernelGen.Formats;

/// <summary>
/// The dense part of CLAQ with 2 bits: every input column has a table of 4 f16 numbers, <c>w = table[i][q]</c>. 2 + 16 * 4 / O bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "blocks", two bits per weight, low bits first; "codebook" of shape [I, 4]. In memory the tables are f32. Encoder: k-means, exact
/// (KernelGen.Encoders, LearnedCodebookEncoder). Source: Wang et al., CLAQ: Pushing the Limits of Low-Bit Post-Training Quantization for LLMs (2024).
/// </remarks>
[Block(Extent.Row), Codes(2)]
[LearnedCodebook(ScalarType.Float16, Per = Extent.Column)]
public readonly partial record struct ClaqColumn2;

/// <summary>As <see cref="ClaqColumn2"/> with 4 bits and 16 numbers a column. 4 + 16 * 16 / O bits per weight.</summary>
[Block(Extent.Row), Codes(4)]
[LearnedCodebook(ScalarType.Float16, Per = Extent.Column)]
public readonly partial record struct ClaqColumn4;

/// <summary>
/// CLAQ's adaptive precision: columns of many outliers have 4 bits, the others 2, each column a table of its own. With a share r of 4-bit columns
/// 2 + 2 r + 16 * (4 + 12 r) / O + 1 / O bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "mask" of shape [I], one bit each; "parts.0.blocks", "parts.0.codebook" of the 2-bit columns, "parts.1.blocks", "parts.1.codebook" of the 4-bit ones. Source: as
/// <see cref="ClaqColumn2"/>, whose ratio of 2.1 bits per weight is a twentieth of the columns.
/// </remarks>
[Partition(Extent.Column, typeof(ClaqColumn2), typeof(ClaqColumn4))]
public readonly partial record struct Claq24;
