namespace KernelGen.Formats;

/// <summary>
/// ggml Q1_0: 128 weights in 18 bytes, 1.125 bits per weight. <c>w = d * s</c>, s in {-1, +1}, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 16 bytes of signs at 2, that of input j being bit j % 8 of byte j / 8, a one for +1. Encoder, byte
/// for byte that of ggml's <c>quantize_row_q1_0_ref</c>: d = mean|x|, +1 where x is at least 0. Source: ggml, <c>block_q1_0</c>.
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float16)]
[Codes(1, CodeKind.Sign)]
[Encode(RangeRule.AbsMean, Rounding = CodeRounding.HalfUp, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q1_0;
