namespace KernelGen.Formats;

/// <summary>
/// TriLM: trits with a scale for every shard of the outputs that a device of the training had: <c>w = γ[slab of o] * t</c>, t in {-1, 0, 1}.
/// 2 + 16 * shards / (O * I) bits per weight.
/// </summary>
/// <remarks>
/// Tensors: "blocks", two bits per weight, the first of four lowest; "scale" (γ), f16, with an entry for each of equal slabs of the outputs. Encoder: γ the
/// mean magnitude of the slab (KernelGen.Encoders, SlabTernaryEncoder). Source: Kaushal et al., Spectra: Surprising Effectiveness of Pretraining Ternary
/// Language Models at Scale (2024).
/// </remarks>
[Block(Extent.Row), Codes(2, CodeKind.Trit)]
[Scale(ScalarType.Float16, Per = Extent.Row, PerOutputs = Extent.Slab)]
[Encode(RangeRule.AbsMean)]
public readonly partial record struct TriLm;
