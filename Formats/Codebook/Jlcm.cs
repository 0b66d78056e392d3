namespace KernelGen.Formats;

/// <summary>
/// JLCM with 2 bits and one table: rows of like distribution stand together in G runs of any length, each with a scale,
/// <c>w = scale[run] * table[q]</c>. 2 + (48 G + 64 + 16 O) / (O I) bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "order" of shape [O], the output of each stored row; "runs" of shape [G], how many rows each has; "scale" of shape [G]; "codebook" of shape [4]; "blocks",
/// two bits per weight, low bits first. Encoder: KernelGen.Encoders, RowGroupEncoder; the paper's joint fine-tuning is the caller's. Source: Yvinec et al.,
/// Network Memory Footprint Compression Through Jointly Learnable Codebooks and Mappings (2023).
/// </remarks>
[Block(Extent.Row), Codes(2)]
[LearnedCodebook(ScalarType.Float16, Per = Extent.Tensor)]
[Scale(ScalarType.Float16, Per = Extent.Row, PerOutputs = Extent.Runs)]
[Gather(Axis.Outputs, ScalarType.UInt16)]
public readonly partial record struct JlcmScale2;

/// <summary>
/// As <see cref="JlcmScale2"/> with a table for each run in place of the scales, <c>w = table[run][q]</c>. 2 + (96 G + 16 O) / (O I) bits per weight.
/// </summary>
/// <remarks>Tensors: "order", "runs" and "blocks" as there; "codebook" of shape [G, 4].</remarks>
[Block(Extent.Row), Codes(2)]
[LearnedCodebook(ScalarType.Float16, PerOutputs = Extent.Runs)]
[Gather(Axis.Outputs, ScalarType.UInt16)]
public readonly partial record struct JlcmTable2;
