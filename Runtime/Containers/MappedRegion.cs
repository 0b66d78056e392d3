using System;

namespace KernelGen.Containers;

/// <summary>A run of bytes inside a <see cref="MappedFile"/>. It keeps the file object alive, not the mapping.</summary>
public readonly unsafe struct MappedRegion
{
    internal MappedRegion(MappedFile owner, long offset, long length)
    {
        Owner = owner;
        Offset = offset;
        Length = length;
    }

    /// <summary>The file the bytes belong to; null only in a default value.</summary>
    public MappedFile? Owner { get; }

    /// <summary>Where the region starts, from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>The number of bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte. It need not be aligned for any type wider than a byte.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public byte* Pointer => Owner is null ? null : Owner.Pointer + Offset;

    /// <summary>A part of this region.</summary>
    /// <param name="offset">The first byte, from the start of this region.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside this region.</exception>
    public MappedRegion Slice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset);
        return Owner is null ? default : new MappedRegion(Owner, checked(Offset + offset), length);
    }

    /// <summary>The bytes as a span, which is valid until the file is disposed.</summary>
    /// <exception cref="InvalidOperationException">The region is longer than a span can be; take slices of it.</exception>
    public ReadOnlySpan<byte> AsSpan()
    {
        if (Length > int.MaxValue)
        {
            throw new InvalidOperationException($"{Length} bytes do not fit in one span: slice the region or use its pointer.");
        }

        return new ReadOnlySpan<byte>(Pointer, (int)Length);
    }
}
