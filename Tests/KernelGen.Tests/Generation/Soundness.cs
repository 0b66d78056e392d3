using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>What holds for every valid format, counted bit by bit.</summary>
internal static class Soundness
{
    public static void Check(FormatSpec spec)
    {
        Assert.InRange(spec.Block.Inputs, 1, 4096);
        Assert.InRange(spec.Block.Bytes, 1, 16384);
        Dictionary<(int Quantity, int Entry, int Bit), int> places = [];
        HashSet<int> used = [];
        foreach (SliceSpec slice in spec.Slices)
        {
            for (int entry = slice.First; entry < slice.First + slice.Count; entry++)
            {
                int at = slice.BitOf(entry);
                for (int bit = 0; bit < slice.Bits; bit++)
                {
                    Assert.True(places.TryAdd((slice.Quantity, entry, slice.FromBit + bit), at + bit));
                    Assert.True(used.Add(at + bit));
                }

                int bytes = ((at + slice.Bits - 1) / 8) - (at / 8) + 1;
                Assert.True(bytes <= Math.Max(2, slice.Bits / 8));
            }
        }

        Assert.True(used.Min() >= 0 && used.Max() < spec.Block.Bytes * 8);
        int expected = spec.StoredCodes * spec.StoredCodeBits;
        foreach (ParameterSpec parameter in spec.Parameters.Where(static parameter => !parameter.IsSide))
        {
            Assert.Equal(0, spec.Block.Inputs % parameter.Inputs);
            expected += spec.Block.Inputs / parameter.Inputs * parameter.Type.Bits;
        }

        // Every bit of every entry once, and no whole byte of the block unused.
        Assert.Equal(expected, places.Count);
        Assert.All(places.Keys, place => Assert.InRange(
            place.Entry,
            0,
            place.Quantity < 0 ? spec.StoredCodes - 1 : (spec.Block.Inputs / spec.Parameters[place.Quantity].Inputs) - 1));
        Assert.Equal(Enumerable.Range(0, spec.Block.Bytes), used.Select(static bit => bit / 8).Distinct().Order());
        Assert.Equal(spec.Parameters.Count, spec.Parameters.Select(static parameter => parameter.Name).Distinct().Count());
    }

    /// <summary>The block bit that holds one bit of one entry.</summary>
    public static int Find(FormatSpec spec, int quantity, int entry, int bit)
    {
        SliceSpec slice = Assert.Single(spec.Slices, slice =>
            slice.Quantity == quantity
            && entry >= slice.First && entry < slice.First + slice.Count
            && bit >= slice.FromBit && bit < slice.FromBit + slice.Bits);
        return slice.BitOf(entry) + bit - slice.FromBit;
    }
}
