namespace KernelGen.Formats;

/// <summary>
/// MiniFloat of 8 bits, E4M3 with bias 7, every code a number: <c>w = T[q]</c>, T up to 480. 8 bits per weight and no parameter.
/// </summary>
/// <remarks>
/// Layout: a byte a weight. Encoder, the reference's: the exponent is floor(log2(|x| + 1e-9)), and a mantissa that rounds up to the next exponent stays below it. Source: the
/// minifloats of llm-mixed-q (Zhang et al., Revisiting Block-based Quantisation: What is Important for Sub-8-bit LLM Inference?, 2023).
/// </remarks>
[Block(32)]
[Codes(8), Minifloat(4, 3)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-9)]
public readonly partial record struct Minifloat8;

/// <summary>
/// Denormalised minifloat of 8 bits, as <see cref="Minifloat8"/> but without the implicit one: <c>w = ±2^(e - 7) * m / 8</c>, e in 0…15, m in 0…7.
/// </summary>
/// <remarks>Of the codes of one value the encoder writes the one of the lowest exponent.</remarks>
[Block(32)]
[Codes(8), Minifloat(4, 3, ImplicitOne = false)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.WithoutCarry, LogEpsilon = 1e-9)]
public readonly partial record struct DenormalMinifloat8;
