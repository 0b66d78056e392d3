using System;

namespace KernelGen;

/// <summary>
/// Places some bits of some entries of one quantity at an explicit position of the block. A quantity named by at least one
/// slice has no field of its own: its slices hold all of its bits, each once.
/// </summary>
/// <remarks>
/// Entry <c>First + i0 + n0*(i1 + n1*i2…)</c>, bits FromBit … FromBit+Bits-1, stands at block bit <c>At + i0*s0 + i1*s1 + …</c>
/// for the (count n, stride s) pairs of <paramref name="map"/>, innermost first; an empty map places one entry.
/// </remarks>
/// <param name="quantity">The <see cref="ParameterAttribute.Name"/> of a parameter, or "codes".</param>
/// <param name="bits">Bits of each entry in this slice.</param>
/// <param name="at">Bit of the block where the first entry's bits start.</param>
/// <param name="map">Pairs (count, stride in bits), innermost first.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class SliceAttribute(string quantity, int bits, int at, params int[] map) : Attribute
{
    /// <summary>The name of a parameter, or "codes".</summary>
    public string Quantity { get; } = quantity;

    /// <summary>Bits of each entry in this slice.</summary>
    public int Bits { get; } = bits;

    /// <summary>Bit of the block where the first entry's bits start.</summary>
    public int At { get; } = at;

    /// <summary>Pairs (count, stride in bits), innermost first.</summary>
    public int[] Map { get; } = map;

    /// <summary>The first entry placed.</summary>
    public int First { get; set; }

    /// <summary>The lowest bit of the entries that is placed.</summary>
    public int FromBit { get; set; }
}
