namespace KernelGen.Formats;

/// <summary>
/// BinaryDM's learnable multi-basis binarizer of order 2: <c>w = σ1[o] * B1 + σ2[o] * B2</c>, B in {-1, +1}, σ f16. 2 + 32 / I bits per weight.
/// </summary>
/// <remarks>
/// Tensors: those of <see cref="BinaryDmPlane"/> under "terms.0." and "terms.1.". Encoder: σ1 = mean |w| of the row and B1 = sgn w, then the same
/// of what they leave (KernelGen.Encoders, ResidualEncoder); both σ are then learned. Source: Zheng et al., BinaryDM: Accurate Weight Binarization for
/// Efficient Diffusion Models (2024).
/// </remarks>
[Terms(typeof(BinaryDmPlane), Count = 2)]
public readonly partial record struct BinaryDm;

/// <summary>A plane of <see cref="BinaryDm"/>, or its order 1: <c>w = σ[o] * B</c>.</summary>
/// <remarks>Tensors: "blocks", a bit per weight, 1 for +1, low bits first; "scale" (σ) of shape [O].</remarks>
[Block(Extent.Row), Codes(1, CodeKind.Sign)]
[Scale(ScalarType.Float16, Per = Extent.Row)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct BinaryDmPlane;
