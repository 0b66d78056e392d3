namespace KernelGen.Formats;

/// <summary>
/// NormalFloat4 (QLoRA, bitsandbytes): 64 weights in 36 bytes, 4.5 bits per weight. <c>w = s * T[q]</c>, q in 0…15, s an f32, T the
/// 16 NormalFloat values in [-1, 1] with an exact 0.
/// </summary>
/// <remarks>
/// Layout: s at 0; 32 bytes of codes at 4, the first of two inputs in the high nibble. The code bytes are those of bitsandbytes
/// for rows whose length is a multiple of 64; bitsandbytes keeps the scales in an array of their own and lets a block run on
/// into the next row. Encoder: s = max|x|, then the nearest entry of the table.
/// Source: Dettmers et al., QLoRA: Efficient Finetuning of Quantized LLMs (2023).
/// </remarks>
[Block(64)]
[Scale(ScalarType.Float32)]
[Codes(4, HighFirst = true)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct NF4;
