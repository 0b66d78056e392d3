namespace KernelGen.Formats;

/// <summary>
/// ggml Q8_K: 256 weights in 292 bytes, 9.125 bits per weight, and their sums. <c>w = d * q</c>, q in -128…127, d an f32. A format of
/// activations.
/// </summary>
/// <remarks>
/// Layout, byte for byte: d at 0; 256 signed bytes at 4; 16 sums of 16 q at 260, signed words of 16 bits. Encoder, byte for byte that
/// of ggml's <c>quantize_row_q8_K_ref</c>: with m the weight of largest magnitude, r = -127 / m, q = round(x * r), halves to even,
/// d = 1 / r. Source: ggml, <c>block_q8_K</c>.
/// </remarks>
[Block(256)]
[Scale(ScalarType.Float32)]
[Codes(8, CodeKind.Signed)]
[StoredSum(ScalarType.Int16, Per = 16)]
[Encode(RangeRule.SignedMax, Limit = 127, ReciprocalFirst = true)]
public readonly partial record struct Q8_K;
