using System;

namespace KernelGen;

/// <summary>
/// A field that chooses one of 2^<paramref name="bits"/> tables for the inputs an entry covers (BitMoD): its number stands above the code's
/// bits in the index of the codebook, which holds the tables one after another.
/// </summary>
/// <remarks>
/// The encoder tries every table with the scale that its largest magnitude asks for, and keeps the one of least squared error, of equal ones the first. It
/// needs one scale in the block, of the selector's extent, and <see cref="RangeRule.AbsMax"/>.
/// </remarks>
/// <param name="bits">Bits of an entry, 1 to 7; with the code's at most 8.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class SelectorAttribute(int bits) : Attribute
{
    /// <summary>Bits of an entry.</summary>
    public int Bits { get; } = bits;

    /// <summary>Inputs that share an entry: a divisor of the block, or <see cref="Extent.Block"/>.</summary>
    public int Per { get; set; } = Extent.Block;

    /// <summary>The name by which slices refer to the field; "selector" when not given.</summary>
    public string? Name { get; set; }
}
