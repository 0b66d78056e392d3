using System;

namespace KernelGen;

/// <summary>
/// How the encoder turns weights into parameters and codes. It has no effect on what stored bytes mean. Without it the
/// encoder is <see cref="RangeRule.MinMax"/> where the format has a minimum or a zero point, else <see cref="RangeRule.AbsMax"/>,
/// rounding to nearest, ties to even.
/// </summary>
/// <remarks>
/// With a zero point a code is round(x / scale) + z, the zero point already rounded and clipped to what it can hold. Of two
/// levels, the inner scales (minima) are found first; the outer one is the largest of them, with its sign where the inner type
/// is signed, over the largest inner integer; the inner integers are then rounded against the stored outer one, and the codes
/// against the stored product. A scale beyond its stored type becomes infinite: <c>QuantizedMatrix.Validate</c> finds it.
/// </remarks>
/// <param name="range">How the range of a group is chosen.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class EncodeAttribute(RangeRule range) : Attribute
{
    /// <summary>How the range of a group is chosen.</summary>
    public RangeRule Range { get; } = range;

    /// <summary>How a scaled weight becomes an integer code, and which entry of a codebook a weight midway between two takes.</summary>
    public CodeRounding Rounding { get; set; } = CodeRounding.HalfToEven;

    /// <summary>Weights are multiplied by the f32 reciprocal of the scale (ggml) instead of divided by the scale.</summary>
    public bool Reciprocal { get; set; }

    /// <summary>
    /// The reciprocal of the scale is what is found, largest code / weight, and the scale is 1 over it (ggml's Q8_K); weights are
    /// multiplied by the reciprocal. With <see cref="RangeRule.AbsMax"/> and <see cref="RangeRule.SignedMax"/>.
    /// </summary>
    public bool ReciprocalFirst { get; set; }

    /// <summary>
    /// Codes are chosen against the scale before it is rounded to its stored type (ggml's simple types); otherwise against
    /// the scale that will be decoded.
    /// </summary>
    public bool UnroundedScale { get; set; }

    /// <summary>The least scale, where greater than 0; an all-zero group then has this scale and codes of zero.</summary>
    public double MinScale { get; set; }

    /// <summary>The largest magnitude a symmetric code may take; 0: all that the code can hold on its shorter side.</summary>
    public int Limit { get; set; }

    /// <summary>
    /// The range is taken from all inputs of the row, also from those that another part of a <see cref="PartitionAttribute"/>
    /// holds (PTQ1.61's salient columns). Only for whole-row blocks.
    /// </summary>
    public bool WholeRow { get; set; }

    /// <summary>
    /// Ranges that are tried besides the rule's own, each smaller by the same part, down to <see cref="LeastRange"/> of it: the one of least squared error stays, of equal ones
    /// the larger. The weights beyond it are clipped. With the rules of largest and least weights.
    /// </summary>
    public int Shrinks { get; set; }

    /// <summary>The part of the range that the last of <see cref="Shrinks"/> stops short of (GPTQ's grid: 80 and 0.2; AWQ's: 20 and 0.5).</summary>
    public double LeastRange { get; set; } = 0.2;

    /// <summary>
    /// Of a float scale per row above integer scales in the block: it is max|x| of the row / RowLimit, and everything below it is chosen for weights in its
    /// units, where <see cref="MinScale"/> is the least integer scale (QServe 119, DGQ 127). 0: the levels are chosen together, in the block.
    /// </summary>
    public int RowLimit { get; set; }

    /// <summary>With <see cref="RowLimit"/>: weights become integers of the row's scale, rounded to nearest, before groups are encoded (QServe).</summary>
    public bool RowIntegers { get; set; }

    /// <summary>The zero point is found with the group's scale as it is stored, not as it was chosen (QServe). In-block parameters only.</summary>
    public bool StoredScaleFirst { get; set; }

    /// <summary>Codes keep the magnitude of (code - zero point) times the group's own scale within this (DGQ: 127); 0: no limit.</summary>
    public int ProductLimit { get; set; }

    /// <summary>
    /// How often the scale and the minimum are fitted anew to the codes they lead to, by least squares, the minimum first (ARB-LLM takes 15).
    /// Not with zero points and scales that are powers of two.
    /// </summary>
    public int Rounds { get; set; }

    /// <summary>Added to the scale that weights are divided by, but not to the stored one (a guard against 0 in the format's reference).</summary>
    public double ScaleEpsilon { get; set; }

    /// <summary>
    /// Added to the magnitude of a scaled weight before its logarithm is taken: by <see cref="CodeRounding.Logarithmic"/>, where it also
    /// moves the boundary between the signs to its negative, and where <see cref="CodeRounding.WithoutCarry"/> finds the exponent.
    /// </summary>
    public double LogEpsilon { get; set; }
}

/// <summary>How the range of a group is chosen from its weights.</summary>
public enum RangeRule
{
    /// <summary>scale = max|x| / largest value the code can hold on both sides.</summary>
    AbsMax,

    /// <summary>
    /// scale = x* / lowest value, x* being the weight of largest magnitude (the first of equals) with its sign: the longer,
    /// negative side of the code is always used (ggml Q4_0, Q5_0, Q3_K, Q6_K).
    /// </summary>
    SignedMax,

    /// <summary>[min x, max x] onto the whole code range; a zero point is rounded and clipped to what it can hold.</summary>
    MinMax,

    /// <summary>[min(0, min x), max(0, max x)] onto the whole code range (GPTQ, ggml's K types).</summary>
    MinMaxWithZero,

    /// <summary>scale = mean|x| (BitNet b1.58).</summary>
    AbsMean,

    /// <summary>Power-of-two scale: exponent ceil(log2 max|x|) less that of the largest code value, rounded up (block floating point).</summary>
    ExponentCeiling,

    /// <summary>Power-of-two scale: exponent floor(log2 max|x|) less floor(log2) of the largest code value (OCP MX).</summary>
    ExponentFloor,

    /// <summary>scale = median|x|, the lower of two (BitNet b1.58 Reloaded).</summary>
    AbsMedian,

    /// <summary>minimum = mean x, scale = mean|x - mean x| (XNOR-Net, BiLLM's first order).</summary>
    CentredAbsMean,

    /// <summary>minimum = mean x, scale = the unbiased standard deviation (low-precision adapters).</summary>
    StandardDeviation,

    /// <summary>Power-of-two scale: 1 / 2^floor(log2 max|x|) (the bias rule of block minifloat's reference code).</summary>
    ExponentReciprocal,
}

/// <summary>
/// How a scaled weight becomes an integer code. Codebooks take the nearest entry; of entries with the same value the first, but
/// what rounds to zero from below takes an entry -0.0 where there is one.
/// </summary>
public enum CodeRounding
{
    /// <summary>To nearest, ties to the even code; in a codebook to the lower entry (bitsandbytes).</summary>
    HalfToEven,

    /// <summary>To nearest, ties away from zero (C's roundf, OCP MX).</summary>
    HalfAwayFromZero,

    /// <summary>floor(x + 1/2) of the code after its offset was subtracted (ggml's truncation of x + 8.5); in a codebook ties to the upper entry.</summary>
    HalfUp,

    /// <summary>To the nearest number that is no larger in magnitude (Anda).</summary>
    TowardZero,

    /// <summary>To nearest, ties to the entry whose code is even: a minifloat's mantissa (IEEE 754). Codebooks only.</summary>
    HalfToEvenCode,

    /// <summary>
    /// As <see cref="HalfToEvenCode"/>, but the exponent is found first and a mantissa that rounds up to the next exponent stays below it
    /// (the reference code of minifloats). <see cref="MinifloatAttribute"/> only.
    /// </summary>
    WithoutCarry,

    /// <summary>To the nearest logarithm: between two entries of a sign their geometric mean decides. Codebooks without 0 only.</summary>
    Logarithmic,
}
