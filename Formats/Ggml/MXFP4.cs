namespace KernelGen.Formats;

/// <summary>
/// ggml MXFP4: 32 weights in 17 bytes, 4.25 bits per weight. <c>w = 2^(e - 127) * T[q] / 2</c>, T the values of E2M1 (0, ½, 1,
/// 1½, 2, 3, 4, 6 and their negatives) times two.
/// </summary>
/// <remarks>
/// Layout, byte for byte: e at 0, an exponent whose every value is a number (the OCP standard has NaN for 255); 16 bytes of
/// codes at 1: input j in the low and input j + 16 in the high nibble of byte j. The code 8 means +0. Encoder, byte for byte that
/// of ggml's <c>quantize_row_mxfp4_ref</c>: e = floor(log2 max|x|) - 2 + 127 and the nearest value, the one of lower code in a
/// tie. Source: ggml, <c>block_mxfp4</c>; element and scale types: OCP Microscaling Formats 1.0.
/// </remarks>
[Block(32)]
[Scale(ScalarType.Exponent8, Multiply = 0.5)]
[Codes(4, Stripe = 16), Codebook(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12)]
[Encode(RangeRule.ExponentFloor)]
public readonly partial record struct MXFP4;
