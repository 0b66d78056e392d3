using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the vectorised unpacking of codes. It knows no layouts: it looks at where the bits of 16 (or 32) consecutive inputs
/// stand. Bytes in a row with one shift are loaded, shifted and masked; anything else inside a 16-byte window is gathered by a
/// byte shuffle and aligned by a multiplication and a shift in 16-bit lanes; what fits neither is read by the plain loops.
/// </summary>
internal static class CodeExtraction
{
    private const int Window = 16;

    /// <summary>Writes statements that fill <c>codes</c> from <c>block</c>, or returns false where plain loops must do it.</summary>
    public static bool TryWrite(CodeWriter code, FormatSpec spec, Target target)
    {
        int inputs = spec.Block.Inputs;
        if (!target.HasRowVectors || !spec.StoresCodes || spec.Codes.Float is not null || inputs % Window != 0 || spec.Block.Bytes < Window || inputs > 1024)
        {
            return false;
        }

        SliceSpec[] slices = spec.Slices.Where(s => s.Quantity == SliceSpec.CodesQuantity).OrderBy(s => s.FromBit).ToArray();
        var parts = new List<(int First, int Count, string Codes)>();
        for (int first = 0; first < inputs;)
        {
            int wide = target.RowBytes;
            if (first + wide <= inputs && Straight(slices, first, wide) is { } whole)
            {
                parts.Add((first, wide, StraightCodes(whole, wide)));
                first += wide;
            }
            else if (Straight(slices, first, Window) is { } narrow)
            {
                parts.Add((first, Window, StraightCodes(narrow, Window)));
                first += Window;
            }
            else if (Gathered(slices, first, spec.Block.Bytes) is { } gathered)
            {
                parts.Add((first, Window, gathered));
                first += Window;
            }
            else
            {
                return false;
            }
        }

        // One store as wide as the loads that follow: two narrow ones could not be forwarded to them.
        for (int i = 0; i < parts.Count; i++)
        {
            bool pair = target.RowBytes == 2 * Window && parts[i].Count == Window && i + 1 < parts.Count && parts[i + 1].Count == Window;
            code.Line(pair
                ? $"Vector256.Create({parts[i].Codes}, {parts[i + 1].Codes}).Store(codes + {parts[i].First});"
                : $"({parts[i].Codes}).Store(codes + {parts[i].First});");
            i += pair ? 1 : 0;
        }

        return true;
    }

    /// <summary>Byte, shift and destination of each plane where <paramref name="count"/> inputs stand in consecutive bytes at one shift.</summary>
    private static List<(int Byte, int Shift, int Bits, int FromBit)>? Straight(SliceSpec[] slices, int first, int count)
    {
        var parts = new List<(int, int, int, int)>();
        foreach (IGrouping<int, SliceSpec> plane in slices.GroupBy(s => s.FromBit))
        {
            int bits = 0;
            int start = -1;
            for (int e = first; e < first + count; e++)
            {
                if (plane.FirstOrDefault(s => e >= s.First && e < s.First + s.Count) is not { } slice)
                {
                    return null;
                }

                int bit = slice.BitOf(e);
                start = e == first ? bit : start;
                bits = slice.Bits;
                if (bit != start + (8 * (e - first)) || (bit % 8) + bits > 8)
                {
                    return null;
                }
            }

            parts.Add((start / 8, start % 8, bits, plane.Key));
        }

        return parts;
    }

    private static string StraightCodes(List<(int Byte, int Shift, int Bits, int FromBit)> parts, int count)
    {
        string vector = $"Vector{count * 8}";
        IEnumerable<string> fields = parts.Select(p =>
        {
            string loaded = $"{vector}.Load(block + {p.Byte})";
            int net = p.Shift - p.FromBit;
            int mask = ((1 << p.Bits) - 1) << p.FromBit;
            string moved = net > 0 ? $"({loaded}.AsUInt16() >>> {net}).AsByte()" : net < 0 ? $"({loaded}.AsUInt16() << {-net}).AsByte()" : loaded;
            return p.Bits == 8 ? moved : $"({moved} & {vector}.Create((byte)0x{mask:X2}))";
        });
        return string.Join(" | ", fields);
    }

    /// <summary>16 inputs through byte shuffles: lane i of a 16-bit vector gets the two bytes that hold its bits, times 2^(16 - bits - shift), shifted down.</summary>
    private static string? Gathered(SliceSpec[] slices, int first, int blockBytes)
    {
        var halves = new List<string>();
        for (int half = 0; half < 2; half++)
        {
            var planes = new List<string>();
            foreach (IGrouping<int, SliceSpec> plane in slices.GroupBy(s => s.FromBit))
            {
                var places = new List<(int Byte, int Shift)>();
                int bits = 0;
                for (int e = first + (8 * half); e < first + (8 * half) + 8; e++)
                {
                    if (plane.FirstOrDefault(s => e >= s.First && e < s.First + s.Count) is not { } slice)
                    {
                        return null;
                    }

                    int bit = slice.BitOf(e);
                    bits = slice.Bits;
                    places.Add((bit / 8, bit % 8));
                }

                int low = places.Min(p => p.Byte);
                int high = places.Max(p => p.Byte + (p.Shift + bits > 8 ? 1 : 0));
                int window = Math.Min(low, blockBytes - Window);
                if (high - window >= Window)
                {
                    return null;
                }

                // The second byte of a lane is only needed by bits that straddle; elsewhere 0xFF shuffles in zero.
                string shuffle = IntegerList.Of(places.SelectMany(p => new[] { p.Byte - window, p.Shift + bits > 8 ? p.Byte - window + 1 : 0xFF }));
                string factors = IntegerList.Of(places.Select(p => 1 << (16 - bits - p.Shift)));
                string lanes = $"((Vector128.Shuffle(Vector128.Load(block + {window}), Vector128.Create((byte){shuffle})).AsUInt16() * Vector128.Create((ushort){factors})) >>> {16 - bits})";
                planes.Add(plane.Key == 0 ? lanes : $"({lanes} << {plane.Key})");
            }

            halves.Add(string.Join(" | ", planes));
        }

        return $"Vector128.Narrow({halves[0]}, {halves[1]})";
    }
}
