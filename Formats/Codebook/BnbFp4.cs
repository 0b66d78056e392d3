namespace KernelGen.Formats;

/// <summary>
/// bitsandbytes' FP4, which is not OCP's: 64 weights in 36 bytes, 4.5 bits per weight. <c>w = s * T[q]</c>, s an f32, T in 0, 1/192, 2/3, 1, 1/3, 1/2, 1/6, 1/4 and, from code 8 on, their negatives.
/// </summary>
/// <remarks>
/// Layout: s at 0, the codes at 4, the first of two in the high nibble. Encoder: s = max|x|, then the nearest entry. Source: bitsandbytes.
/// </remarks>
[Block(64)]
[Scale(ScalarType.Float32)]
[Codes(4, HighFirst = true)]
[Codebook(
    0, 1.0 / 192, 2.0 / 3, 1, 1.0 / 3, 1.0 / 2, 1.0 / 6, 1.0 / 4,
    -0.0, -1.0 / 192, -2.0 / 3, -1, -1.0 / 3, -1.0 / 2, -1.0 / 6, -1.0 / 4)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct BnbFp4;
