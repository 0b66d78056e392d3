using System;

namespace KernelGen;

/// <summary>
/// A field of signs at this position in the block: one entry per <paramref name="inputs"/> consecutive inputs, its bit j negating
/// the codebook's value at input j where it is set. Slices call the quantity "signs".
/// </summary>
/// <param name="inputs">Inputs that share an entry, 1 to 16; a divisor of the block.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class SignsAttribute(int inputs) : Attribute
{
    /// <summary>Inputs that share an entry.</summary>
    public int Inputs { get; } = inputs;

    /// <summary>
    /// The input of each entry whose sign is not stored: it makes the number of minus signs even, and the entry has a bit less,
    /// those of the other inputs in order. -1: all signs are stored.
    /// </summary>
    public int Parity { get; set; } = -1;
}
