using System.Numerics;

namespace KernelGen;

/// <summary>
/// How activation rows are cut into blocks that the micro-kernels take: the tallest blocks first, the rest in ever lower ones.
/// </summary>
internal readonly struct RowBlocks
{
    private readonly ulong _heights;
    private readonly int _tallest;

    /// <summary>Cuts rows into blocks.</summary>
    /// <param name="heights">Bit h is set for every height h a kernel exists for; bit 1 is.</param>
    /// <param name="rows">Rows to cut.</param>
    public RowBlocks(ulong heights, long rows)
    {
        _heights = heights;
        _tallest = BitOperations.Log2(heights);
        Rows = rows;
        Count = rows / _tallest;
        for (int rest = (int)(rows % _tallest); rest > 0; rest -= Height(rest))
        {
            Count++;
        }
    }

    /// <summary>All rows.</summary>
    public long Rows { get; }

    /// <summary>Blocks.</summary>
    public long Count { get; }

    /// <summary>Rows of the tallest blocks.</summary>
    public int Tallest => _tallest;

    /// <summary>Where a block lies.</summary>
    /// <param name="index">The block, below <see cref="Count"/>.</param>
    /// <param name="row">Its first row.</param>
    /// <returns>Its height.</returns>
    public int Get(long index, out long row)
    {
        long tall = Rows / _tallest;
        if (index < tall)
        {
            row = index * _tallest;
            return _tallest;
        }

        row = tall * _tallest;
        int height = Height((int)(Rows - row));
        for (long i = tall; i < index; i++)
        {
            row += height;
            height = Height((int)(Rows - row));
        }

        return height;
    }

    private int Height(int rows) => BitOperations.Log2(_heights & ((1UL << rows << 1) - 1));
}
