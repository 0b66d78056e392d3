namespace KernelGen.Formats;

/// <summary>
/// The dense part of SqueezeLLM with 3 bits: every row has a table of 8 f16 numbers, <c>w = table[o][q]</c>. 3 + 16 * 8 / I bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "blocks", three bits per weight, low bits first; "codebook" of shape [O, 8]. Encoder: k-means weighted by squared gradients, exact
/// (KernelGen.Encoders, LearnedCodebookEncoder). Source: Kim et al., SqueezeLLM: Dense-and-Sparse Quantization (2024).
/// </remarks>
[Block(Extent.Row), Codes(3)]
[LearnedCodebook(ScalarType.Float16)]
public readonly partial record struct Learned3;

/// <summary>As <see cref="Learned3"/> with 4 bits and 16 numbers a row. 4 + 16 * 16 / I bits per weight.</summary>
[Block(Extent.Row), Codes(4)]
[LearnedCodebook(ScalarType.Float16)]
public readonly partial record struct Learned4;
