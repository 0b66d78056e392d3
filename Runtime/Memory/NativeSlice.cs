using System;

namespace KernelGen;

/// <summary>Bytes [Offset, Offset + Length) of a <see cref="NativeBuffer"/>, which the slice keeps reachable.</summary>
public readonly unsafe struct NativeSlice
{
    private readonly NativeBuffer? _buffer;

    internal NativeSlice(NativeBuffer buffer, long offset, long length)
    {
        buffer.CheckRange(offset, length);
        _buffer = buffer;
        Offset = offset;
        Length = length;
    }

    /// <summary>Where the slice starts in its buffer, in bytes.</summary>
    public long Offset { get; }

    /// <summary>Bytes in the slice.</summary>
    public long Length { get; }

    /// <summary>The first byte, or null for the default slice. Keep the slice or its buffer reachable while the pointer is in use.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public byte* Pointer => _buffer is null ? null : _buffer.Pointer + Offset;

    /// <summary>A part of the slice.</summary>
    /// <param name="offset">First byte, from the slice's start.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the slice.</exception>
    public NativeSlice Slice(long offset, long length)
    {
        if ((ulong)offset > (ulong)Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The slice has {Length} bytes.");
        }

        if ((ulong)length > (ulong)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The slice has {Length - offset} bytes from offset {offset} on.");
        }

        return _buffer is null ? default : new NativeSlice(_buffer, Offset + offset, length);
    }

    /// <summary>The slice as a span.</summary>
    /// <returns>The span; keep the slice or its buffer reachable while it is in use.</returns>
    /// <exception cref="OverflowException">The slice is longer than a span can be (2 GB).</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<byte> AsSpan() => new(Pointer, checked((int)Length));
}
