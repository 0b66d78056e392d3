using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>Finds micro-kernels by the number of activation rows they take.</summary>
internal static class KernelTable
{
    private const int MostRows = 62;

    /// <summary>The heights a set's int8 micro-kernels take.</summary>
    /// <param name="kernels">The set.</param>
    /// <returns>Bit h set for height h.</returns>
    /// <exception cref="InvalidOperationException">There is no kernel for one row.</exception>
    public static unsafe ulong Int8Heights(KernelSet kernels)
    {
        ulong heights = 0;
        IReadOnlyList<Int8TileKernel> tiles = kernels.Int8Tiles;
        for (int i = 0; i < tiles.Count; i++)
        {
            heights |= tiles[i].Kernel == null ? 0 : Bit(tiles[i].Rows);
        }

        return Checked(heights, kernels);
    }

    /// <summary>The heights a set's int8 GEMV kernels take.</summary>
    /// <param name="kernels">The set.</param>
    /// <returns>Bit h set for height h.</returns>
    /// <exception cref="InvalidOperationException">There is no kernel for one row.</exception>
    public static unsafe ulong GemvHeights(KernelSet kernels)
    {
        ulong heights = 0;
        IReadOnlyList<Int8GemvKernel> gemvs = kernels.Int8Gemvs;
        for (int i = 0; i < gemvs.Count; i++)
        {
            heights |= Bit(gemvs[i].Rows);
        }

        return Checked(heights, kernels);
    }

    /// <summary>The int8 GEMV kernel for a height that <see cref="GemvHeights"/> names.</summary>
    /// <param name="kernels">The set.</param>
    /// <param name="rows">MR.</param>
    /// <returns>The kernel.</returns>
    public static unsafe Int8GemvKernel Gemv(KernelSet kernels, int rows)
    {
        IReadOnlyList<Int8GemvKernel> gemvs = kernels.Int8Gemvs;
        for (int i = 0; i < gemvs.Count; i++)
        {
            if (gemvs[i].Rows == rows)
            {
                return gemvs[i];
            }
        }

        throw new InvalidOperationException($"No int8 GEMV kernel takes {rows} rows.");
    }

    /// <summary>The heights a set's f32 micro-kernels take.</summary>
    /// <param name="kernels">The set.</param>
    /// <returns>Bit h set for height h.</returns>
    /// <exception cref="InvalidOperationException">There is no kernel for one row.</exception>
    public static unsafe ulong Float32Heights(KernelSet kernels)
    {
        ulong heights = 0;
        IReadOnlyList<Float32TileKernel> tiles = kernels.Float32Tiles;
        for (int i = 0; i < tiles.Count; i++)
        {
            heights |= tiles[i].Kernel == null ? 0 : Bit(tiles[i].Rows);
        }

        return Checked(heights, kernels);
    }

    /// <summary>The int8 micro-kernel for a height that <see cref="Int8Heights"/> names.</summary>
    /// <param name="kernels">The set.</param>
    /// <param name="rows">MR.</param>
    /// <returns>The kernel.</returns>
    public static unsafe Int8TileKernel Int8(KernelSet kernels, int rows)
    {
        IReadOnlyList<Int8TileKernel> tiles = kernels.Int8Tiles;
        for (int i = 0; i < tiles.Count; i++)
        {
            if (tiles[i].Rows == rows && tiles[i].Kernel != null)
            {
                return tiles[i];
            }
        }

        throw new InvalidOperationException($"No int8 kernel takes {rows} rows.");
    }

    /// <summary>The f32 micro-kernel for a height that <see cref="Float32Heights"/> names.</summary>
    /// <param name="kernels">The set.</param>
    /// <param name="rows">MR.</param>
    /// <returns>The kernel.</returns>
    public static unsafe Float32TileKernel Float32(KernelSet kernels, int rows)
    {
        IReadOnlyList<Float32TileKernel> tiles = kernels.Float32Tiles;
        for (int i = 0; i < tiles.Count; i++)
        {
            if (tiles[i].Rows == rows && tiles[i].Kernel != null)
            {
                return tiles[i];
            }
        }

        throw new InvalidOperationException($"No f32 kernel takes {rows} rows.");
    }

    private static ulong Bit(int rows) => rows is >= 1 and <= MostRows ? 1UL << rows : 0;

    private static ulong Checked(ulong heights, KernelSet kernels) => (heights & 2) != 0
        ? heights
        : throw new InvalidOperationException($"The {kernels.Target} kernels have no micro-kernel for one row; the set is incomplete.");
}
