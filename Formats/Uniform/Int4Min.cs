namespace KernelGen.Formats;

/// <summary>
/// Int4 in groups of 64 with the zero point multiplied out: <c>w = (s * q) + m</c>, q in 0…15, s and m f16. 64 weights in 36 bytes,
/// 4.5 bits per weight. Groups of 32 are <see cref="Q4_1"/>.
/// </summary>
/// <remarks>
/// Layout: s, m, the codes in input order, the first of two in the low half of a byte. Encoder: the range of the group,
/// s = (max x - min x) / 15, m = min x. Source: Lin et al., AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration (2023), whose
/// kernels store m = -s * z.
/// </remarks>
[Block(64)]
[Scale(ScalarType.Float16)]
[Min(ScalarType.Float16)]
[Codes(4)]
[Encode(RangeRule.MinMax)]
public readonly partial record struct Int4MinG64;

/// <summary>
/// Int4 in groups of 128 with the zero point multiplied out: <c>w = (s * q) + m</c>, q in 0…15, s and m f16. 128 weights in 68 bytes,
/// 4.25 bits per weight. Groups of 32 are <see cref="Q4_1"/>.
/// </summary>
/// <remarks>
/// Layout: s, m, the codes in input order, the first of two in the low half of a byte. Encoder: the range of the group,
/// s = (max x - min x) / 15, m = min x. Source: Lin et al., AWQ: Activation-aware Weight Quantization for LLM Compression and Acceleration (2023), whose
/// kernels store m = -s * z.
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float16)]
[Min(ScalarType.Float16)]
[Codes(4)]
[Encode(RangeRule.MinMax)]
public readonly partial record struct Int4MinG128;
