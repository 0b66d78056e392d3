namespace KernelGen.Formats;

/// <summary>
/// DB-LLM's flexible dual binarization: two planes of bits with scales of their own, <c>w = α1 * b1 + α2 * b2</c>, b in {0, 1}, α f16 for every
/// 64 inputs of a row. 2 + 32 / 64 = 2.5 bits per weight.
/// </summary>
/// <remarks>
/// Tensors: those of <see cref="FdbPlane"/> under "terms.0." (α1) and "terms.1." (α2). From α1 = 2s and α2 = -s (levels -s, 0, s, 2s) both are
/// learned; then the four levels are 0, α2, α1 and α1 + α2. Encoder: nearest level, scales by least squares or given
/// (KernelGen.Encoders, DualBinaryEncoder). Source: Chen et al., DB-LLM: Accurate Dual-Binarization for Efficient LLMs (2024).
/// </remarks>
[Terms(typeof(FdbPlane), typeof(FdbPlane))]
public readonly partial record struct Fdb;

/// <summary>A plane of <see cref="Fdb"/>: <c>w = α * b</c>, b in {0, 1}.</summary>
/// <remarks>Tensors: "blocks", of every 64 inputs α as f16 and then a bit per weight, low bits first.</remarks>
[Block(64)]
[Scale(ScalarType.Float16)]
[Codes(1)]
public readonly partial record struct FdbPlane;
