using System;

namespace KernelGen;

/// <summary>
/// Rows are stored in another order than the outputs: stored row j belongs to output order[j]. Everything stored per row, or per group of rows, is in the
/// stored order. Stands on a cell (a struct with <see cref="BlockAttribute"/>).
/// </summary>
/// <remarks>
/// A side array "order" of shape [O], a permutation of 0 … O - 1, which is checked when a matrix is loaded and applied then: products cost nothing more.
/// Source: rows reordered into groups of like distribution, JLCM (docs/formats.md names the paper).
/// </remarks>
/// <param name="axis">What is in another order: <see cref="Axis.Outputs"/>.</param>
/// <param name="type">The stored type of an index: <see cref="ScalarType.UInt16"/>, for up to 65536 outputs, or <see cref="ScalarType.UInt32"/>.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class GatherAttribute(Axis axis, ScalarType type) : Attribute
{
    /// <summary>What is in another order.</summary>
    public Axis Axis { get; } = axis;

    /// <summary>The stored type of an index.</summary>
    public ScalarType Type { get; } = type;
}
