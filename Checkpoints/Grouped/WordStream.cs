using System.Runtime.CompilerServices;
using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>
/// Numbers of a few bits in a matrix of 32-bit words. They run either down the columns (GPTQ's codes, along the inputs) or along the rows
/// (zero points, along the outputs); a stream packs them without gaps or as many as fit whole into a word.
/// </summary>
/// <param name="words">The words, row after row.</param>
/// <param name="columns">Words of a row.</param>
/// <param name="bits">Bits of a number.</param>
/// <param name="hasGaps">Whether a word holds whole numbers only.</param>
internal readonly unsafe struct WordStream(MappedRegion words, long columns, int bits, bool hasGaps)
{
    private readonly uint* _words = (uint*)words.Pointer;

    /// <summary>Words that hold a number of numbers.</summary>
    /// <param name="count">How many.</param>
    /// <param name="bits">Bits of one.</param>
    /// <param name="hasGaps">Whether a word holds whole numbers only.</param>
    /// <returns>Words, or -1 where the numbers do not fill words as the stream without gaps has to.</returns>
    public static long Words(long count, int bits, bool hasGaps)
    {
        int perWord = 32 / bits;
        return hasGaps ? (count + perWord - 1) / perWord : count * bits % 32 == 0 ? count * bits / 32 : -1;
    }

    /// <summary>Number <paramref name="index"/> of the stream down a column.</summary>
    /// <param name="index">The number.</param>
    /// <param name="column">The column.</param>
    public uint Down(long index, long column)
    {
        (long word, int shift) = Place(index);
        return Take(_words + (word * columns) + column, columns, shift);
    }

    /// <summary>Number <paramref name="index"/> of the stream along a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="index">The number.</param>
    public uint Along(long row, long index)
    {
        (long word, int shift) = Place(index);
        return Take(_words + (row * columns) + word, 1, shift);
    }

    private (long Word, int Shift) Place(long index)
    {
        if (hasGaps)
        {
            int perWord = 32 / bits;
            return (index / perWord, (int)(index % perWord) * bits);
        }

        return (index * bits / 32, (int)(index * bits % 32));
    }

    private uint Take(uint* word, long toNext, int shift)
    {
        uint value = Unsafe.ReadUnaligned<uint>(word) >> shift;
        if (shift + bits > 32)
        {
            value |= Unsafe.ReadUnaligned<uint>(word + toNext) << (32 - shift);
        }

        return value & ((1u << bits) - 1);
    }
}
