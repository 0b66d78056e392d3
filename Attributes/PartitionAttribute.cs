using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// Composes a format from others: a stored mask says of every unit of the extent which part holds it. The struct has no
/// <see cref="BlockAttribute"/> of its own.
/// </summary>
/// <remarks>
/// The mask is a side array of shape [I] with ceil(log2 parts) bits an input, named "mask"; entry p assigns the column to the
/// p-th type. A part stores its own columns only, in their order, so every part is a dense matrix; its tensors are named
/// "parts.p.…", and of a part without columns nothing is stored. Vectors over the inputs inside a part
/// (<see cref="OuterAttribute.Column"/>, <see cref="Extent.Column"/>) count the inputs of the matrix, not the part's.
/// </remarks>
/// <param name="extent">What the mask assigns: <see cref="Extent.Column"/>.</param>
/// <param name="parts">2 to 256 formats; the same one may stand several times.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class PartitionAttribute(int extent, params Type[] parts) : Attribute
{
    /// <summary>What the mask assigns.</summary>
    public int Unit { get; } = extent;

    /// <summary>The parts, by mask value.</summary>
    public IReadOnlyList<Type> Parts { get; } = parts;
}
