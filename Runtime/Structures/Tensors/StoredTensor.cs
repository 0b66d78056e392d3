using System;

namespace KernelGen;

/// <summary>A named tensor in native memory: its own, or memory that somebody else keeps.</summary>
public sealed unsafe class StoredTensor
{
    private readonly NativeBuffer? _own;
    private readonly byte* _data;

    internal StoredTensor(TensorInfo info)
    {
        Info = info;
        _own = new NativeBuffer(info.ByteCount);
        _data = _own.Pointer;
    }

    internal StoredTensor(TensorInfo info, byte* data)
    {
        Info = info;
        _data = data;
    }

    /// <summary>What it is.</summary>
    public TensorInfo Info { get; }

    /// <summary>The first byte. Keep the tensor reachable while the pointer is in use.</summary>
    public byte* Pointer => _own is null ? _data : _own.Pointer;

    /// <summary>The bytes.</summary>
    /// <returns>All of them.</returns>
    /// <exception cref="OverflowException">They are more than a span can hold (2 GB).</exception>
    public Span<byte> AsSpan() => new(Pointer, checked((int)Info.ByteCount));

    /// <summary>The stored bits of an element.</summary>
    /// <param name="index">The element, in row-major order.</param>
    /// <returns>The bits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public uint GetBits(long index)
    {
        Check(index);
        return ScalarElements.Read(Pointer, Info.Type, index);
    }

    /// <summary>Stores the bits of an element.</summary>
    /// <param name="index">The element, in row-major order.</param>
    /// <param name="bits">The bits; those beyond the type's are dropped.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void SetBits(long index, uint bits)
    {
        Check(index);
        ScalarElements.Write(Pointer, Info.Type, index, bits);
    }

    /// <summary>An element as the number it stores, before any transform the declaration gives it.</summary>
    /// <param name="index">The element, in row-major order.</param>
    /// <returns>The number, exact.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public float GetNumber(long index) => ScalarElements.Number(Info.Type, GetBits(index));

    /// <summary>Stores a number in a tensor of a float type, rounded to nearest, ties to even.</summary>
    /// <param name="index">The element, in row-major order.</param>
    /// <param name="number">The number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="NotSupportedException">The tensor has no float type.</exception>
    public void SetNumber(long index, float number) => SetBits(index, ScalarElements.Encode(Info.Type, number));

    /// <summary>Frees memory of its own.</summary>
    internal void Free() => _own?.Dispose();

    private void Check(long index)
    {
        if ((ulong)index >= (ulong)Info.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{Info} has {Info.Count} elements.");
        }
    }
}
