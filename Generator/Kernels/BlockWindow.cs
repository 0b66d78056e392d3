using System;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// The 16 bytes of a block that a shuffle takes from: loaded where they are, or, of a block of fewer bytes, put together from two
/// loads that overlap. Nothing outside the block is read.
/// </summary>
internal sealed class BlockWindow(int blockBytes, string name = "whole")
{
    /// <summary>The least block.</summary>
    public const int Least = 4;

    /// <summary>Bytes of a window.</summary>
    public const int Size = 16;

    /// <summary>The index that shuffles in a byte of 0.</summary>
    public const int Zero = 0xFF;

    private bool _used;

    /// <summary>The name of a small block's bytes.</summary>
    public string Name => name;

    /// <summary>The declaration of a small block's bytes, where a window was taken.</summary>
    public string? Declaration => !_used
        ? null
        : $"Vector128<byte> {name} = " + (blockBytes >= 8
            ? $"Vector128.Create(*(ulong*)(block), *(ulong*)(block + {blockBytes - 8})).AsByte();"
            : $"Vector128.Create(*(uint*)(block), *(uint*)(block + {blockBytes - 4}), 0, 0).AsByte();");

    /// <summary>A window with the bytes <paramref name="low"/> … <paramref name="high"/> of the block, or null where they are too far apart.</summary>
    public Place? At(int low, int high)
    {
        if (blockBytes < Size)
        {
            _used = true;
            int each = blockBytes >= 8 ? 8 : 4;
            return new Place(name, 0, each, blockBytes - (2 * each));
        }

        int first = Math.Min(low, blockBytes - Size);
        return high - first < Size ? new Place($"Vector128.Load(block + {first})", first, Size, 0) : null;
    }

    /// <summary>A window.</summary>
    /// <param name="Text">Its bytes, as an expression.</param>
    /// <param name="First">The block's byte at index 0.</param>
    /// <param name="Plain">Bytes that follow one another.</param>
    /// <param name="Skip">How many bytes after these are left out; negative where the loads overlap.</param>
    internal sealed record Place(string Text, int First, int Plain, int Skip)
    {
        /// <summary>Where a byte of the block stands in the window.</summary>
        public int IndexOf(int at) => at - First < Plain ? at - First : at - First - Skip;
    }
}
