using System;

namespace KernelGen;

/// <summary>
/// The codes are the digits of numbers to a radix, the first digit most significant. Words that hold such numbers are what is
/// stored: planes and slices place their bits, and the position of <see cref="CodesAttribute"/> is theirs.
/// </summary>
/// <remarks>
/// Several of these attributes split the block into runs of inputs, in declared order, each with words of its own; the words follow
/// each other. Input n * Stripe + j of every Stripe * Used inputs of a run is digit n of word j of the Stripe words that hold them.
/// </remarks>
/// <param name="radix">The radix, 2 to 255; codes of this value and above are never written.</param>
/// <param name="count">Digits a word has room for.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class DigitsAttribute(int radix, int count) : Attribute
{
    /// <summary>The radix.</summary>
    public int Radix { get; } = radix;

    /// <summary>Digits a word has room for.</summary>
    public int Count { get; } = count;

    /// <summary>Bits of a word, 1 to 16; radix^count numbers fit. The same for all runs.</summary>
    public int Bits { get; set; } = 8;

    /// <summary>
    /// The word is the fraction ceil(number * 2^Bits / radix^count), from which multiplications alone take the digits (ggml's
    /// TQ1_0); otherwise it is the number itself.
    /// </summary>
    public bool Fraction { get; set; }

    /// <summary>
    /// The word is the number less the middle one, (radix^count - 1) / 2, as magnitude and, in the top bit, sign (bitnet.cpp's TL2). For odd radices.
    /// </summary>
    public bool Mirror { get; set; }

    /// <summary>Inputs that share a word stand this far apart.</summary>
    public int Stripe { get; set; } = 1;

    /// <summary>Inputs of this run; 0: all that earlier runs leave.</summary>
    public int Inputs { get; set; }

    /// <summary>Digits in use, from the first; the others are written as 0. 0: all.</summary>
    public int Used { get; set; }
}
