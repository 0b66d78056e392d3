namespace KernelGen.Formats;

/// <summary>
/// BitStack with magnitudes of rank one and four residual blocks: <c>w = Σ_t (u_t[o] * v_t[i]) * B_t</c>, B in {-1, +1}, u and v f16.
/// 4 * (1 + 16 / O + 16 / I) bits per weight.
/// </summary>
/// <remarks>
/// Tensors: those of <see cref="BitStackTerm"/> under "terms.0." to "terms.3.". Encoder: B_t the signs of what the blocks before it leave and
/// u vᵀ the best rank-one approximation of its magnitudes (KernelGen.Encoders, ResidualEncoder of SignValueEncoder). The scales of
/// activations that the paper folds into the layer before are the caller's. The published blocks have rank 16.
/// Source: Wang et al., BitStack: Any-Size Compression of Large Language Models in Variable Memory Environments (2024).
/// </remarks>
[Terms(typeof(BitStackTerm), Count = 4)]
public readonly partial record struct BitStack4;

/// <summary>A residual block of <see cref="BitStack4"/>: <c>w = (u[o] * v[i]) * B</c>.</summary>
/// <remarks>
/// Tensors: "blocks", a bit per weight, 1 for +1, the first of eight in the high bit, each row ending at its last byte; "row" (u) of shape [O];
/// "column" (v) of shape [I].
/// </remarks>
[Block(Extent.Row), Codes(1, CodeKind.Sign, HighFirst = true)]
[Outer(Row = ScalarType.Float16, Column = ScalarType.Float16)]
public readonly partial record struct BitStackTerm;
