namespace KernelGen.Formats;

/// <summary>
/// ggml NVFP4: 64 weights in 36 bytes, 4.5 bits per weight. <c>w = (u / 2) * T[q]</c>, T the values of E2M1 times two as in
/// <see cref="MXFP4"/>; u is a <see cref="UE4M3"/>, one per 16 weights. The scale of the matrix that the format's standard adds is not
/// stored here.
/// </summary>
/// <remarks>
/// Layout, byte for byte: four u at 0; 32 bytes of codes at 4, in four runs of 8: input j in the low and input j + 8 in the high nibble
/// of byte j. The code 8 means +0. Encoder, byte for byte that of ggml's <c>quantize_row_nvfp4_ref</c>: u for
/// max|x| / 6, then the nearest value, the one of lower code in a tie. Source: ggml, <c>block_nvfp4</c>.
/// </remarks>
[Block(64)]
[Scale(typeof(UE4M3), Per = 16, Multiply = 0.5)]
[Codes(4, Stripe = 8), Codebook(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12)]
[Encode(RangeRule.AbsMax)]
public readonly partial record struct NVFP4;

/// <summary>
/// An unsigned float in a byte as scales store it: four bits of exponent with bias 7, three of mantissa. 0x7F, NaN elsewhere, is 0; the
/// top bit is ignored. Source: ggml, <c>ggml_ue4m3_to_fp32</c>, <c>ggml_fp32_to_ue4m3</c>.
/// </summary>
[Codes(8), Minifloat(4, 3, Signed = false, Specials = MinifloatSpecials.AllOnes, SpecialValue = 0, ExponentFirst = true)]
public readonly partial record struct UE4M3;
