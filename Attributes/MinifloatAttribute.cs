using System;

namespace KernelGen;

/// <summary>
/// The code is a small float: sign, exponent and mantissa from its high bits down. An exponent field of 0 means
/// <c>2^(1 - Bias) * m / 2^M</c>, any other e <c>2^(e - Bias) * (1 + m / 2^M)</c>.
/// </summary>
/// <remarks>
/// Codes of up to 8 bits become a table of all their values. Infinities and NaN decode to themselves; no encoder writes them,
/// <c>QuantizedMatrix.Validate</c> finds them, and int8 products take them as 0. Wider codes are
/// plain floats: IEEE binary16 (5, 10), bfloat16 (8, 7) and binary32 (8, 23), all with <see cref="MinifloatSpecials.Ieee"/>. A
/// scalar that parameters name may have bits above the float, which are ignored and written as 0.
/// </remarks>
/// <param name="exponent">Bits of the exponent, 1 to 8.</param>
/// <param name="mantissa">Bits of the mantissa, 0 to 23.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class MinifloatAttribute(int exponent, int mantissa) : Attribute
{
    /// <summary>Bits of the exponent.</summary>
    public int Exponent { get; } = exponent;

    /// <summary>Bits of the mantissa.</summary>
    public int Mantissa { get; } = mantissa;

    /// <summary>The exponent's bias; <see cref="int.MinValue"/>: 2^(E - 1) - 1.</summary>
    public int Bias { get; set; } = int.MinValue;

    /// <summary>Whether the float has a sign bit.</summary>
    public bool Signed { get; set; } = true;

    /// <summary>Which codes are no finite numbers. Those with ignored bits set never are.</summary>
    public MinifloatSpecials Specials { get; set; }

    /// <summary>
    /// The encoder of a scale finds the exponent first: a number below the least normal float stays subnormal, one at the top exponent or
    /// rounded up to it becomes the largest float (ggml's UE4M3); otherwise the nearest float is stored. Without a sign only.
    /// </summary>
    public bool ExponentFirst { get; set; }

    /// <summary>
    /// What special codes decode to where the format gives them a number. NaN: to NaN, and with <see cref="MinifloatSpecials.Ieee"/> to an infinity of
    /// the code's sign where the mantissa is 0; scalars that parameters name, and values with signs of their own, need a number.
    /// </summary>
    public double SpecialValue { get; set; } = double.NaN;

    /// <summary>False: no implicit one; every exponent field e means <c>2^(e - Bias) * m / 2^M</c> (denormalised minifloat).</summary>
    public bool ImplicitOne { get; set; } = true;
}

/// <summary>Codes of a minifloat that are no finite numbers.</summary>
public enum MinifloatSpecials
{
    /// <summary>None: every code is a number (OCP FP6 and FP4).</summary>
    None,

    /// <summary>All ones in exponent and mantissa (E4M3).</summary>
    AllOnes,

    /// <summary>All ones in the exponent: infinity and NaN (IEEE 754, E5M2).</summary>
    Ieee,
}
