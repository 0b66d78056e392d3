namespace KernelGen.Formats;

/// <summary>
/// NormalFloat4 with double quantization (QLoRA, bitsandbytes): <c>w = ((a * D[c]) + b) * T[q]</c>, q in 0…15, T the 16 NormalFloat values, c a byte for 64 weights,
/// D the signed dynamic map, a an f32 for 256 such blocks and b an f32 of the matrix. 4 + 8/64 + 32/(64 * 256) = 4.127 bits per weight, and b.
/// </summary>
/// <remarks>
/// Tensors: "blocks", of every 64 inputs of a row the byte c and 32 bytes of codes, the first of two inputs in the high nibble; "nested", the a, counted through the
/// blocks of the matrix, row after row: where 64 divides the row length, as bitsandbytes counts them through the flattened matrix; "offset", b. In memory every block has
/// its own copy of a. Encoder: b = mean of the blocks' max|x|, a = the largest distance from it among 256 blocks, c the nearest entry of D; codes are those of the
/// exact max|x| (KernelGen.Encoders, NestedScaleEncoder). Source: Dettmers et al., QLoRA: Efficient Finetuning of Quantized LLMs (2023), whose text speaks of 8-bit
/// floats where the published code has the dynamic map.
/// </remarks>
[Block(64)]
[Scale(typeof(DynamicScale), Name = "scale")]
[Scale(ScalarType.Float32, Per = 64 * 256, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(4, HighFirst = true)]
[Codebook(CodebookFamily.NormalFloat)]
[Encode(RangeRule.AbsMax, UnroundedScale = true)]
public readonly partial record struct NF4DoubleQuant;

/// <summary>An entry of bitsandbytes' signed dynamic map, as the scale of a block.</summary>
[Codes(8), Codebook(CodebookFamily.Dynamic)]
public readonly partial record struct DynamicScale;

/// <summary>
/// The quantized part of LQ-LoRA with 3 bits: <c>w = ((a * (c / 255)) + b) * T[q]</c>, q in 0…7, T the 8 NormalFloat values, c a byte for 64 weights, a an f32 for
/// 256 such blocks and b an f32 of the matrix. 3 + 8/64 + 32/(64 * 256) = 3.127 bits per weight, and b.
/// </summary>
/// <remarks>
/// Tensors: "blocks", of every 64 inputs of a row the byte c and 24 bytes of codes, low bits first; "nested", the a, counted through the blocks of the matrix, row after
/// row; "offset", b. Encoder: b = the least of the blocks' max|x|, a = the largest distance from it among 256 blocks, c rounded to nearest; codes are those of
/// the scale as it is decoded (KernelGen.Encoders, NestedScaleEncoder). The low-rank part of a layer stands beside the matrix. Source: Guo et al., LQ-LoRA: Low-rank Plus
/// Quantized Matrix Decomposition for Efficient Language Model Finetuning (2024).
/// </remarks>
[Block(64)]
[Scale(ScalarType.UInt8, Multiply = 1.0 / 255, Name = "scale")]
[Scale(ScalarType.Float32, Per = 64 * 256, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(3)]
[Codebook(CodebookFamily.NormalFloat)]
public readonly partial record struct LqLoraNF3;

/// <summary>
/// As <see cref="LqLoraNF3"/>, another point of LQ-LoRA's grid: 2-bit codes, for 16 weights a scale of 4 bits, <c>c / 15</c>, for 64 such groups a bf16.
/// 2 + 4/16 + 16/(16 * 64) = 2.266 bits per weight, and b.
/// </summary>
/// <remarks>"blocks" has of every 64 inputs of a row four c, low bits first, and 16 bytes of codes. All else is as there.</remarks>
[Block(64)]
[Scale(ScalarType.UInt4, Per = 16, Multiply = 1.0 / 15, Name = "scale")]
[Scale(ScalarType.BFloat16, Per = 16 * 64, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(2)]
[Codebook(CodebookFamily.NormalFloat)]
public readonly partial record struct LqLoraNF2;

/// <summary>As <see cref="LqLoraNF3"/> with 4-bit codes and an f16 a. 4 + 8/64 + 16/(64 * 256) = 4.126 bits per weight, and b.</summary>
/// <remarks>"blocks" has of every 64 inputs of a row the byte c and 32 bytes of codes. All else is as there.</remarks>
[Block(64)]
[Scale(ScalarType.UInt8, Multiply = 1.0 / 255, Name = "scale")]
[Scale(ScalarType.Float16, Per = 64 * 256, Flat = true, Name = "nested")]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Added = true, Name = "offset")]
[Codes(4)]
[Codebook(CodebookFamily.NormalFloat)]
public readonly partial record struct LqLoraNF4;
