namespace KernelGen.Formats;

/// <summary>
/// BitMoD of 3 bits: 128 weights in 51 bytes, 3.1875 bits per weight. <c>w = s * T[k][q]</c>, s an f16, T[k] one of four tables of 8 values: 0, ±1, ±2, ±4 and 3, -3, 6 or -6.
/// </summary>
/// <remarks>
/// Layout: s at 0; the choice k in the low two bits of byte 2; the indexes in input order, low bits first. (The publication counts 3.14 bits: its choices fill bytes.) Encoder: every table with
/// s = max|x| / max|T[k]|, at least 1e-5, values to nearest, of two the lower; the table of least squared error stays. Source: Chen et al., BitMoD: Bit-serial Mixture-of-Datatype LLM Acceleration (2025).
/// </remarks>
[Block(128)]
[Scale(ScalarType.Float16), Selector(2), Slice("selector", 2, 16), Pad(6), Slice("pad", 6, 18)]
[Codes(3)]
[Codebook(
    -4, -2, -1, 0, 1, 2, 3, 4,
    -4, -3, -2, -1, 0, 1, 2, 4,
    -4, -2, -1, 0, 1, 2, 4, 6,
    -6, -4, -2, -1, 0, 1, 2, 4)]
[Encode(RangeRule.AbsMax, MinScale = 1e-5)]
public readonly partial record struct BitModFp3;

/// <summary>
/// BitMoD of 4 bits, as <see cref="BitModFp3"/> otherwise: 128 weights in 67 bytes, 4.1875 bits per weight. The tables are 0, ±1, ±2, ±3, ±4, ±6, ±8, ±12 and 10, -10, 16 or -16.
/// </summary>
[Block(128)]
[Scale(ScalarType.Float16), Selector(2), Slice("selector", 2, 16), Pad(6), Slice("pad", 6, 18)]
[Codes(4)]
[Codebook(
    -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10, 12,
    -12, -10, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12,
    -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12, 16,
    -16, -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12)]
[Encode(RangeRule.AbsMax, MinScale = 1e-5)]
public readonly partial record struct BitModFp4;
