using System;

namespace KernelGen;

/// <summary>
/// A field of unused bits, written as 0 and not looked at. Bits that round a field up to a byte are unused without being declared; those between
/// others, as the top two of a 32-bit word of ten 3-bit codes, are a field.
/// </summary>
/// <param name="bits">Bits of an entry, 1 to 8.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PadAttribute(int bits) : Attribute
{
    /// <summary>Bits of an entry.</summary>
    public int Bits { get; } = bits;

    /// <summary>Inputs to an entry: a divisor of the block, or <see cref="Extent.Block"/>.</summary>
    public int Per { get; set; } = Extent.Block;

    /// <summary>The name by which slices refer to the field; "pad" when not given.</summary>
    public string? Name { get; set; }
}
