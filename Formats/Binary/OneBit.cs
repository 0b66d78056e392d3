namespace KernelGen.Formats;

/// <summary>
/// OneBit: signs, a vector over the outputs and one over the inputs, and a layer norm after the product:
/// <c>w = (h[o] * g[i]) * B</c>, <c>y = norm(W x)</c>, B in {-1, +1}, h and g f16. 1 + 16 / O + 16 / I bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "blocks", the sign bits in input order, 0 for +1, eight to a byte, low bits first, each row ending at its last byte; "row" (h) of
/// shape [O]; "column" (g) of shape [I]. The norm has no affine part; a bias of the layer is added after it. Dequantized weights
/// are those before the norm. Encoder: sign-value-independent decomposition, B = sgn W and h gᵀ the best rank-one approximation of |W|
/// (KernelGen.Encoders). Source: Xu et al., OneBit: Towards Extremely Low-bit Large Language Models (2024).
/// </remarks>
[Block(Extent.Row), Codes(1, CodeKind.InvertedSign)]
[Outer(Row = ScalarType.Float16, Column = ScalarType.Float16)]
[PostNorm(1e-5)]
public readonly partial record struct OneBit;
