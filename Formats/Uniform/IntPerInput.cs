namespace KernelGen.Formats;

/// <summary>
/// AdaDim's per-input-channel groups: a scale and a zero point for every input and 128 outputs, <c>w = s[o / 128, i] * (q - z[o / 128, i])</c>, q in
/// 0…15. 4 + 20 / 128 bits per weight where 128 divides O.
/// </summary>
/// <remarks>
/// Tensors: "blocks", four bits per weight, the first of two in the low half of a byte; "scale", f16, and "zero", four bits each, of shape
/// [ceil(O / 128), I]. In a product the scales multiply the activations of each group of outputs, and the zero points are one number for it and each row of
/// activations. Encoder: the range of a group, the zero point clipped to the codes (KernelGen.Encoders, OutputGroupEncoder). Source: Heo et al., Rethinking
/// Channel Dimensions to Isolate Outliers for Low-bit Weight Quantization of Large Language Models (2024).
/// </remarks>
[Block(Extent.Row), Codes(4)]
[Scale(ScalarType.Float16, Per = Extent.Column, PerOutputs = 128), ZeroPoint(ScalarType.UInt4, Per = Extent.Column, PerOutputs = 128)]
public readonly partial record struct Int4AsymInputG128;
