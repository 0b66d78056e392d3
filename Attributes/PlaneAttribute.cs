using System;

namespace KernelGen;

/// <summary>
/// Stores part of each code's bits as a field at this position in the block. Planes stand in the order in which they are written;
/// each says which bits of the code it holds, and together they hold all bits of <see cref="CodesAttribute"/>, each once.
/// </summary>
/// <param name="fromBit">The code bit that is this plane's lowest.</param>
/// <param name="bits">Bits of the code in this plane.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class PlaneAttribute(int fromBit, int bits) : Attribute
{
    /// <summary>The code bit that is this plane's lowest.</summary>
    public int FromBit { get; } = fromBit;

    /// <summary>Bits of the code in this plane.</summary>
    public int Bits { get; } = bits;

    /// <summary>As <see cref="CodesAttribute.Stripe"/>.</summary>
    public int Stripe { get; set; } = 1;

    /// <summary>As <see cref="CodesAttribute.HighFirst"/>.</summary>
    public bool HighFirst { get; set; }
}
