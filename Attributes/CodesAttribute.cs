using System;

namespace KernelGen;

/// <summary>
/// Declares the element code of a format and, where no <see cref="PlaneAttribute"/> or <see cref="SliceAttribute"/> places
/// its bits, the field that holds the codes at this position in the block.
/// </summary>
/// <remarks>
/// A code q of <paramref name="bits"/> bits stands for the value <c>q + Offset</c> as <paramref name="kind"/> says, or for the
/// entry q of the format's <see cref="CodebookAttribute"/>. The weight is then
/// <c>scale * (value - zero) + min</c> with the products of all declared <see cref="ScaleAttribute"/>,
/// <see cref="ZeroPointAttribute"/> and <see cref="MinAttribute"/> levels.
/// </remarks>
/// <param name="bits">Bits of a code: 1 to 8, up to 16 with <see cref="VectorAttribute"/>, 16 or 32 for plain floats (<see cref="MinifloatAttribute"/>).</param>
/// <param name="kind">How the code's bits are read as a number.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class CodesAttribute(int bits, CodeKind kind = CodeKind.Unsigned) : Attribute
{
    /// <summary>Bits of a code.</summary>
    public int Bits { get; } = bits;

    /// <summary>How the code's bits are read as a number.</summary>
    public CodeKind Kind { get; } = kind;

    /// <summary>Added to the number the code's bits stand for; -8 makes the 4-bit codes 0…15 mean -8…7.</summary>
    public int Offset { get; set; }

    /// <summary>
    /// 1: codes follow each other in the byte stream. S &gt; 1 (bits must divide 8): the inputs that share a byte stand S apart,
    /// in runs of S bytes; 16 with 4 bits is ggml's "input j and j + 16 share a byte".
    /// </summary>
    public int Stripe { get; set; } = 1;

    /// <summary>The first of the inputs that share a byte has the high bits (bitsandbytes, I2_S). Bits must divide 8.</summary>
    public bool HighFirst { get; set; }
}
