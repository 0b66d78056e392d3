namespace KernelGen.Formats;

/// <summary>
/// NormalFloat of 3 bits (LQ-LoRA), as <see cref="NF4"/> otherwise: 64 weights in 28 bytes, 3.5 bits per weight. <c>w = s * T[q]</c>, s an f32, T the 8 values that QLoRA's construction gives for 3 bits.
/// </summary>
/// <remarks>Layout: s at 0, the codes in input order, low bits first. Source: Guo et al., LQ-LoRA: Low-rank Plus Quantized Matrix Decomposition for Efficient Language Model Finetuning (2023).</remarks>
[Block(64)]
[Scale(ScalarType.Float32)]
[Codes(3), Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct NF3;

/// <summary>
/// NormalFloat of 2 bits, as <see cref="NF3"/> otherwise: 64 weights in 20 bytes, 2.5 bits per weight; T is -1, 0, 0.338, 1.
/// </summary>
[Block(64)]
[Scale(ScalarType.Float32)]
[Codes(2), Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct NF2;
