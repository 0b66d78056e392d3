using System;

namespace KernelGen;

/// <summary>
/// One code stands for several consecutive inputs: it is the index of a vector of <paramref name="length"/> values. The format's
/// codebook has 2^bits entries of that many values each, one entry after another; its codes may have up to 16 bits.
/// </summary>
/// <param name="length">Inputs one code stands for, 2 to 64; a divisor of the block.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class VectorAttribute(int length) : Attribute
{
    /// <summary>Inputs one code stands for.</summary>
    public int Length { get; } = length;
}
