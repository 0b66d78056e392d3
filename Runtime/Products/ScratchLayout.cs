using System;

namespace KernelGen;

/// <summary>Lays parts of a scratch buffer out one after another, each at a multiple of 64 bytes.</summary>
internal struct ScratchLayout
{
    /// <summary>Bytes laid out so far, a multiple of 64.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds a part.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <returns>Its offset.</returns>
    /// <exception cref="OverflowException">The scratch would exceed 2^63 bytes.</exception>
    public long Add(long bytes)
    {
        long offset = Bytes;
        Bytes = checked(offset + ((bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment));
        return offset;
    }
}
