namespace KernelGen.Formats;

/// <summary>
/// ggml Q2_0: 64 weights in 18 bytes, 2.25 bits per weight. <c>w = d * (q - 1)</c>, q in 0…3, d an f16.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 16 bytes of codes at 2, input j in bits 2 (j % 4) and up of byte j / 4. Encoder, byte for byte that
/// of ggml's <c>quantize_row_q2_0_ref</c>: d = max|x| and q = round(x * (1 / d)) + 1, halves away from zero, against the d that was
/// not yet rounded to f16; so it writes the codes 0…2 only. Source: ggml, <c>block_q2_0</c>.
/// </remarks>
[Block(64)]
[Scale(ScalarType.Float16)]
[Codes(2, Offset = -1)]
[Encode(RangeRule.AbsMax, Rounding = CodeRounding.HalfAwayFromZero, Reciprocal = true, UnroundedScale = true)]
public readonly partial record struct Q2_0;
