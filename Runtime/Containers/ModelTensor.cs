using System;
using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>
/// A tensor of a model file: its name, shape, element type, and where its bytes lie. All sizes were checked against
/// the file when it was opened; the <em>values</em> were not looked at.
/// </summary>
public abstract unsafe class ModelTensor
{
    private readonly ElementLayout _layout;

    // The caller has checked that the shape's product fits in a long and that it matches data.Length.
    private protected ModelTensor(string name, long[] shape, ElementLayout layout, MappedRegion data)
    {
        Name = name;
        Shape = Array.AsReadOnly(shape);
        Data = data;
        _layout = layout;
        Columns = shape.Length == 0 ? 1 : shape[^1];
        Rows = 1;
        for (int i = 0; i < shape.Length - 1; i++)
        {
            Rows = checked(Rows * shape[i]);
        }

        ElementCount = checked(Rows * Columns);
    }

    /// <summary>The name, unique within the file.</summary>
    public string Name { get; }

    /// <summary>The dimensions, slowest first: the last one runs along the elements that lie next to each other.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The container's own name of the element type, for example <c>F32</c> or <c>Q4_K</c>.</summary>
    public string ElementType => _layout.Name;

    /// <summary>How the elements are stored if they are plain 16-bit or 32-bit floats.</summary>
    public FloatEncoding Encoding => _layout.Encoding;

    /// <summary>Elements per block: 1 for plain types.</summary>
    public int BlockLength => _layout.BlockLength;

    /// <summary>Bytes per block.</summary>
    public int BlockBytes => _layout.BlockBytes;

    /// <summary>The bytes of the tensor, without any padding after them.</summary>
    public MappedRegion Data { get; }

    /// <summary>The length of a row (K): the last dimension; 1 for a scalar.</summary>
    public long Columns { get; }

    /// <summary>The number of rows: the product of all dimensions but the last.</summary>
    public long Rows { get; }

    /// <summary>The number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Whether the tensor has exactly two dimensions.</summary>
    public bool IsMatrix => Shape.Count == 2;

    /// <summary>Whether the tensor can be read as <c>float</c>.</summary>
    public bool IsFloat => Encoding != FloatEncoding.None;

    /// <summary>The bytes of one row.</summary>
    /// <exception cref="InvalidOperationException">Rows of this tensor do not start on byte boundaries.</exception>
    public long RowBytes => Columns % BlockLength == 0
        ? Columns / BlockLength * BlockBytes
        : throw new InvalidOperationException(
            $"The rows of '{Name}' are {Columns} elements of {ElementType}, which is not a whole number of bytes.");

    /// <summary>The bytes of one row.</summary>
    /// <param name="row">The row, from 0 to <see cref="Rows"/> - 1.</param>
    public MappedRegion Row(long row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return Data.Slice(checked(row * RowBytes), RowBytes);
    }

    /// <summary>Reads the whole tensor as <c>float</c>, exactly.</summary>
    /// <param name="destination">Room for exactly <see cref="ElementCount"/> values.</param>
    /// <returns>False, with nothing written, when <see cref="IsFloat"/> is false.</returns>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public bool TryReadFloat32(Span<float> destination) => TryRead(Data, ElementCount, destination);

    /// <summary>Reads one row as <c>float</c>, exactly.</summary>
    /// <param name="row">The row, from 0 to <see cref="Rows"/> - 1.</param>
    /// <param name="destination">Room for exactly <see cref="Columns"/> values.</param>
    /// <returns>False, with nothing written, when <see cref="IsFloat"/> is false.</returns>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public bool TryReadRow(long row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows);
        return IsFloat && TryRead(Row(row), Columns, destination);
    }

    /// <summary>The name, element type and shape.</summary>
    public override string ToString() => $"{Name} {ElementType} [{string.Join(", ", Shape)}]";

    private bool TryRead(MappedRegion source, long count, Span<float> destination)
    {
        if (!IsFloat)
        {
            return false;
        }

        if (destination.Length != count)
        {
            throw new ArgumentException($"'{Name}' needs room for {count} values, not {destination.Length}.", nameof(destination));
        }

        FloatReader.Read(Encoding, source.Pointer, destination);
        GC.KeepAlive(source.Owner);
        return true;
    }
}
