using System.Collections.Generic;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>Who owns which bit of a block, and which bits of which quantity have a place.</summary>
internal sealed class BlockMap(int parameters)
{
    /// <summary>The owner of bits that round a field up to bytes.</summary>
    public const int Padding = -2;

    private const int Free = -3;

    /// <summary>The owner of bits between slices and the byte where the next field starts: a later slice may take them.</summary>
    private const int Spare = -4;

    private readonly List<int> _owners = [];
    private readonly uint[]?[] _placed = new uint[]?[parameters + 1];

    /// <summary>The next field's first bit: past everything placed, on a byte boundary.</summary>
    public int End => (_owners.Count + 7) / 8 * 8;

    /// <summary>The first bit that nobody owns although a later one is used, and that later one.</summary>
    public (int Hole, int Next)? Hole
    {
        get
        {
            int hole = _owners.IndexOf(Free);
            return hole < 0 ? null : (hole, _owners.FindIndex(hole, static owner => owner is not (Free or Spare)));
        }
    }

    /// <summary>Places a slice; the first bit in the way where there is one.</summary>
    public Conflict? Add(SliceSpec slice, int entries)
    {
        uint[] placed = _placed[slice.Quantity + 1] ??= new uint[entries];
        int count = slice.Count;
        for (int entry = slice.First; entry < slice.First + count; entry++)
        {
            int bit = slice.BitOf(entry);
            for (int i = 0; i < slice.Bits; i++)
            {
                uint mask = 1u << (slice.FromBit + i);
                if ((placed[entry] & mask) != 0)
                {
                    return new Conflict(IsBlockBit: false, slice.FromBit + i, entry, slice.Quantity);
                }

                placed[entry] |= mask;
                Grow(bit + i + 1);
                if (_owners[bit + i] is not (Free or Spare))
                {
                    return new Conflict(IsBlockBit: true, bit + i, entry, _owners[bit + i]);
                }

                _owners[bit + i] = slice.Quantity;
            }
        }

        return null;
    }

    /// <summary>Leaves the bits before <see cref="End"/> to whom wants them.</summary>
    public void Align()
    {
        while (_owners.Count < End)
        {
            _owners.Add(Spare);
        }
    }

    /// <summary>Gives the bits up to <paramref name="end"/> to nobody else.</summary>
    public void PadTo(int end)
    {
        while (_owners.Count < end)
        {
            _owners.Add(Padding);
        }
    }

    /// <summary>The first bit of a quantity that has no place.</summary>
    public (int Entry, int Bit)? Missing(int quantity, int entries, int bits)
    {
        uint[] placed = _placed[quantity + 1] ?? new uint[entries];
        for (int entry = 0; entry < entries; entry++)
        {
            for (int bit = 0; bit < bits; bit++)
            {
                if ((placed[entry] & (1u << bit)) == 0)
                {
                    return (entry, bit);
                }
            }
        }

        return null;
    }

    private void Grow(int count)
    {
        while (_owners.Count < count)
        {
            _owners.Add(Free);
        }
    }

    /// <summary>A bit that cannot be placed.</summary>
    /// <param name="IsBlockBit">Whether the block's bit is taken; otherwise the quantity's bit has a place already.</param>
    /// <param name="Bit">The bit, of the block or of the entry.</param>
    /// <param name="Entry">The entry to be placed.</param>
    /// <param name="Owner">Who has it.</param>
    public readonly record struct Conflict(bool IsBlockBit, int Bit, int Entry, int Owner);
}
