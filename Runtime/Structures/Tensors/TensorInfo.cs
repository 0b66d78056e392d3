using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>What a stored tensor is: its name, element type and shape.</summary>
/// <remarks>Elements stand in row-major order, packed from the lowest bit of byte 0 up; the last byte is filled with zeros.</remarks>
public sealed class TensorInfo
{
    private readonly long[] _shape;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="shape">Its dimensions, 0 or more each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the type unknown.</exception>
    /// <exception cref="OverflowException">The tensor would have more than 2^63 bits.</exception>
    public TensorInfo(string name, ScalarType type, params ReadOnlySpan<long> shape)
    {
        Name = name;
        Type = type;
        _shape = shape.ToArray();
        Count = 1;
        foreach (long size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
            Count = checked(Count * size);
        }

        ByteCount = ScalarElements.Bytes(type, Count);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The type of its elements; rows of blocks are tensors of <see cref="ScalarType.UInt8"/>.</summary>
    public ScalarType Type { get; }

    /// <summary>Its dimensions, the slowest first.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Elements.</summary>
    public long Count { get; }

    /// <summary>Bytes.</summary>
    public long ByteCount { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type} [{string.Join(", ", _shape)}]";

    internal bool HasSameShape(TensorInfo other) => Type == other.Type && _shape.SequenceEqual(other._shape);
}
