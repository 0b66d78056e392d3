namespace KernelGen.Formats;

/// <summary>
/// BitNet b1.58 in bitnet.cpp's I2_S order: <c>w = s * t</c>, t in {-1, 0, +1}, s an f32 of the matrix. 128 weights in 32 bytes, 2 bits per weight.
/// </summary>
/// <remarks>
/// Layout: inputs p, p + 32, p + 64 and p + 96 of 128 share byte p, the first in the high bits, as t + 1. Encoder: s = max(1e-5, mean|x|) over the matrix, t = rne(x / s) clipped. Source: Ma et al., The Era of 1-bit LLMs: All Large Language
/// Models are in 1.58 Bits (2024).
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit, Stripe = 32, HighFirst = true)]
[Encode(RangeRule.AbsMean, MinScale = 1e-5)]
[Activations(typeof(Int8Token))]
public readonly partial record struct BitNetI2S;

/// <summary>
/// BitNet b1.58 Reloaded, as <see cref="BitNetI2S"/> but with the lower median of |x| for the scale.
/// </summary>
/// <remarks>Source: Nielsen and Schneider-Kamp, BitNet b1.58 Reloaded: State-of-the-art Performance Also on Smaller Networks (2024).</remarks>
[Block(128)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit, Stripe = 32, HighFirst = true)]
[Encode(RangeRule.AbsMedian, MinScale = 1e-5)]
[Activations(typeof(Int8Token))]
public readonly partial record struct BitNetMedian;

/// <summary>
/// BitNet b1.58 with the trits of TL2: three of them are a sign and a magnitude of 4 bits, 1.667 bits per weight. 96 weights in 20 bytes.
/// </summary>
/// <remarks>
/// Layout: 32 magnitudes |9a + 3b + c|, two to a byte, low first; then their 32 signs. The words are bitnet.cpp's, their order is this library's. Encoder as <see cref="BitNetI2S"/>. Source: Wang et al., Bitnet.cpp: Efficient Edge
/// Inference for Ternary LLMs (2025).
/// </remarks>
[Block(96)]
[Scale(ScalarType.Float32, Per = Extent.Tensor)]
[Codes(2, CodeKind.Trit), Digits(3, 3, Bits = 5, Mirror = true), Plane(0, 4), Plane(4, 1)]
[Encode(RangeRule.AbsMean, MinScale = 1e-5)]
[Activations(typeof(Int8Token))]
public readonly partial record struct BitNetTL2;
