using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the vectorised unpacking of codes, or of a parameter's entries of up to 8 bits, into bytes. It knows no layouts: it
/// looks at where the bits of 16 (or 32) consecutive entries stand. Bytes in a row with one shift are loaded, shifted and masked; those with two or
/// four entries each are widened first (<see cref="ByteSpread"/>); single bits are tested; anything else inside a few 16-byte windows is gathered by byte shuffles and aligned by a multiplication and a shift in 16-bit
/// lanes; what fits neither is read by the plain loops. The block is at <c>block</c>.
/// </summary>
internal static class CodeExtraction
{
    /// <summary>Entries that are written at once.</summary>
    public const int Window = 16;

    private const int Half = 8;

    private const int ByteBits = 8;

    /// <summary>Entries of the largest block that is written out.</summary>
    private const int LargestBlock = 1024;

    /// <summary>Windows that 8 entries are shuffled from at most.</summary>
    private const int MostWindows = 4;

    /// <summary>Writes statements that fill the codes at <paramref name="to"/>, or returns false where plain loops must do it.</summary>
    public static bool TryCodes(CodeWriter code, FormatSpec spec, Target target, string to)
    {
        int inputs = spec.Block.Inputs;
        return spec.StoresCodes && spec.Codes.Float is null && inputs >= Half && inputs <= LargestBlock && TryWrite(code, spec, target, SliceSpec.CodesQuantity, Runs(inputs), to);
    }

    /// <summary>The same for the stored codes of vectors of inputs, bytes or words.</summary>
    public static bool TryStored(CodeWriter code, FormatSpec spec, Target target, string to)
    {
        int count = spec.StoredCodes;
        return count >= Half && count <= LargestBlock
            && (spec.StoredCodeBits <= 8
                ? TryWrite(code, spec, target, SliceSpec.CodesQuantity, Runs(count), to)
                : spec.StoredCodeBits <= 16 && count % Half == 0 && TryWords(code, spec, target, to));
    }

    /// <summary>The same for a parameter, whose destination has room for whole windows.</summary>
    public static bool TryEntries(CodeWriter code, FormatSpec spec, Target target, int parameter, string to)
    {
        int count = spec.Block.Inputs / spec.Parameters[parameter].Inputs;
        return TryWrite(code, spec, target, parameter, Enumerable.Range(0, (count + Window - 1) / Window).Select(i => (i * Window, Window)).ToList(), to);
    }

    /// <summary>Runs of 16 and 8 entries that cover a count of at least 8; the last may overlap the one before it.</summary>
    private static List<(int First, int Count)> Runs(int count)
    {
        var runs = new List<(int, int)>();
        int first = 0;
        for (; first + Window <= count; first += Window)
        {
            runs.Add((first, Window));
        }

        for (; first + Half <= count; first += Half)
        {
            runs.Add((first, Half));
        }

        if (first < count)
        {
            runs.Add((count - Half, Half));
        }

        return runs;
    }

    private static bool HasWindows(FormatSpec spec, Target target) => target.HasRowVectors && spec.Block.Bytes >= BlockWindow.Least;

    private static SliceSpec[] Slices(FormatSpec spec, int quantity) => [.. spec.Slices.Where(s => s.Quantity == quantity).OrderBy(s => s.FromBit)];

    /// <summary>Stored codes of 9 to 16 bits, 8 at a time.</summary>
    private static bool TryWords(CodeWriter code, FormatSpec spec, Target target, string to)
    {
        if (!HasWindows(spec, target))
        {
            return false;
        }

        SliceSpec[] slices = Slices(spec, SliceSpec.CodesQuantity);
        var window = new BlockWindow(spec.Block.Bytes);
        var lanes = Enumerable.Range(0, spec.StoredCodes / Half).Select(i => Lanes(slices, i * Half, window)).ToList();
        if (lanes.Contains(null))
        {
            return false;
        }

        if (window.Declaration is { } declaration)
        {
            code.Line(declaration);
        }

        for (int i = 0; i < lanes.Count; i++)
        {
            code.Line($"({lanes[i]}).Store({IndexExpression.Offset(to, $"{i * Half}")});");
        }

        return true;
    }

    /// <summary>
    /// The codes of a block as expressions of whole row vectors, in order; or null where they cannot be had without going through memory. What they are made of is declared first.
    /// </summary>
    public static IReadOnlyList<RowVector>? Vectors(FormatSpec spec, Target target, out string? declaration)
    {
        declaration = null;
        int inputs = spec.Block.Inputs;
        if (!spec.StoresCodes || spec.Codes.Float is not null || inputs % target.RowBytes != 0 || inputs > LargestBlock || !HasWindows(spec, target))
        {
            return null;
        }

        var window = new BlockWindow(spec.Block.Bytes);
        if (Parts(spec, target, SliceSpec.CodesQuantity, Runs(inputs), window) is not { } parts)
        {
            return null;
        }

        var vectors = new List<RowVector>();
        for (int next = 0; next < parts.Count;)
        {
            int first = next;
            if (Joined(parts, ref next, target.RowBytes) is not { } joined)
            {
                return null;
            }

            vectors.Add(new RowVector(joined, [.. parts.Skip(first).Take(next - first).SelectMany(static part => part.Locals)]));
        }

        declaration = window.Declaration;
        return vectors;
    }

    private static bool TryWrite(CodeWriter code, FormatSpec spec, Target target, int quantity, List<(int First, int Count)> runs, string to)
    {
        if (!HasWindows(spec, target))
        {
            return false;
        }

        var window = new BlockWindow(spec.Block.Bytes);
        if (Parts(spec, target, quantity, runs, window) is not { } parts)
        {
            return false;
        }

        if (window.Declaration is { } declaration)
        {
            code.Line(declaration);
        }

        // One store as wide as the loads that follow: narrower ones could not be forwarded to them.
        for (int i = 0; i < parts.Count;)
        {
            string pointer = IndexExpression.Offset(to, $"{parts[i].First}");
            int next = i;
            if (Joined(parts, ref next, target.RowBytes) is { } joined)
            {
                parts.Skip(i).Take(next - i).SelectMany(static part => part.Locals).ToList().ForEach(local => code.Line(local));
                code.Line($"{joined}.Store({pointer});");
                i = next;
                continue;
            }

            parts[i].Locals.ForEach(local => code.Line(local));
            code.Line(parts[i].Count == Half
                ? $"*(ulong*)({pointer}) = ({parts[i].Codes}).AsUInt64().ToScalar();"
                : $"({parts[i].Codes}).Store({pointer});");
            i++;
        }

        return true;
    }

    /// <summary>The entries of runs, in vectors as wide as rows' where they can be had so, or null where some must be read one by one.</summary>
    private static List<Part>? Parts(FormatSpec spec, Target target, int quantity, List<(int First, int Count)> runs, BlockWindow window)
    {
        SliceSpec[] slices = Slices(spec, quantity);
        var parts = new List<Part>();
        string prefix = $"wide{(quantity == SliceSpec.CodesQuantity ? string.Empty : $"{quantity}_")}";
        int names = 0;
        bool TryWhole(int first, int count)
        {
            var locals = new List<string>();
            string Declare(string type, string value)
            {
                locals.Add($"{type} {prefix}{names} = {value};");
                return prefix + names++;
            }

            if (Whole(slices, target, first, count, window, Declare) is not { } entries)
            {
                return false;
            }

            parts.Add(new Part(first, count, entries, locals));
            return true;
        }

        for (int i = 0; i < runs.Count;)
        {
            (int first, int count) = runs[i];
            int width = target.RowBytes;
            while (width >= Window && !(AreWindows(runs, i, width / Window) && TryWhole(first, width)))
            {
                width /= 2;
            }

            if (width < Window)
            {
                if (Gathered(slices, first, count, window) is not { } gathered)
                {
                    return null;
                }

                parts.Add(new Part(first, count, gathered, []));
            }

            i += Math.Max(1, width / Window);
        }

        return parts;
    }

    /// <summary>Whether so many runs from one on are whole windows.</summary>
    private static bool AreWindows(List<(int First, int Count)> runs, int first, int count) =>
        first + count <= runs.Count && runs.Skip(first).Take(count).All(static run => run.Count == Window);

    /// <summary>The parts from <paramref name="next"/> on as one vector of <paramref name="width"/> bytes, in halves of halves, or null where they do not make one.</summary>
    private static string? Joined(List<Part> parts, ref int next, int width)
    {
        if (next >= parts.Count || width < Window || parts[next].Count > width)
        {
            return null;
        }

        if (parts[next].Count == width)
        {
            return $"({parts[next++].Codes})";
        }

        return Joined(parts, ref next, width / 2) is { } low && Joined(parts, ref next, width / 2) is { } high
            ? $"Vector{width * 8}.Create({low}, {high})"
            : null;
    }

    /// <summary>A vector of entries of which a plane at least stands in consecutive bytes, one, two, four or eight fields in a byte; or null.</summary>
    private static string? Whole(SliceSpec[] slices, Target target, int first, int count, BlockWindow window, Func<string, string, string> declare)
    {
        var planes = new List<string>();
        bool isWhole = false;
        foreach (IGrouping<int, SliceSpec> plane in slices.GroupBy(s => s.FromBit))
        {
            if (Plane([.. plane], target, first, count, window, declare) is not { } found)
            {
                return null;
            }

            isWhole |= found.IsWhole;
            planes.Add(found.Entries);
        }

        return isWhole ? string.Join(" | ", planes) : null;
    }

    /// <summary>A plane of entries: whole, or of halves, or, <see cref="Window"/> of them, shuffled; or null.</summary>
    private static (string Entries, bool IsWhole)? Plane(SliceSpec[] plane, Target target, int first, int count, BlockWindow window, Func<string, string, string> declare)
    {
        string? whole = Straight(plane, first, count) ?? Spread(plane, target, first, count, 2, declare) ?? Spread(plane, target, first, count, 4, declare) ?? Tested(plane, first, count)
            ?? Striped(plane, target, first, count);
        if (whole is not null)
        {
            return (whole, true);
        }

        if (count == Window)
        {
            return Gathered(plane, first, count, window) is { } gathered ? (gathered, false) : null;
        }

        return Plane(plane, target, first, count / 2, window, declare) is { } low && Plane(plane, target, first + (count / 2), count / 2, window, declare) is { } high
            ? ($"Vector{count * ByteBits}.Create({low.Entries}, {high.Entries})", false)
            : null;
    }

    /// <summary>A plane whose windows of entries stand in the same bytes, at shifts of their own, or null.</summary>
    private static string? Striped(SliceSpec[] plane, Target target, int first, int count)
    {
        List<(int Byte, int Shift, int Bits)?> runs = [.. Enumerable.Range(0, count / Window).Select(i => Run(plane, first + (i * Window), Window, 1))];
        if (!target.ShiftsLanes || count != target.RowBytes || runs.Any(run => run is null || run.Value.Byte != runs[0]!.Value.Byte || run.Value.Bits != runs[0]!.Value.Bits))
        {
            return null;
        }

        // One shift takes every window down to the plane's place in the code, where one mask serves all.
        int to = plane[0].FromBit;
        if (runs.Any(run => run!.Value.Shift < to))
        {
            return null;
        }

        string shifted = target.ShiftedWindows(target.LoadRepeated($"block + {runs[0]!.Value.Byte}"), [.. runs.Select(run => run!.Value.Shift - to)]);
        return $"({shifted} & Vector{count * ByteBits}.Create((byte)0x{((1 << runs[0]!.Value.Bits) - 1) << to:X2}))";
    }

    /// <summary>A plane of entries in consecutive bytes at one shift, or null.</summary>
    private static string? Straight(SliceSpec[] plane, int first, int count)
    {
        if (Run(plane, first, count, 1) is not { } run)
        {
            return null;
        }

        string vector = $"Vector{count * 8}";
        string loaded = $"{vector}.Load(block + {run.Byte})";
        int to = plane[0].FromBit;
        int net = run.Shift - to;
        int mask = ((1 << run.Bits) - 1) << to;
        string moved = net > 0 ? $"({loaded}.AsUInt16() >>> {net}).AsByte()" : net < 0 ? $"({loaded}.AsUInt16() << {-net}).AsByte()" : loaded;
        return run.Bits == 8 ? moved : $"({moved} & {vector}.Create((byte)0x{mask:X2}))";
    }

    /// <summary>A plane of which bytes in a row hold so many entries each, or null.</summary>
    private static string? Spread(SliceSpec[] plane, Target target, int first, int count, int perByte, Func<string, string, string> declare)
    {
        List<(int Byte, int Shift, int Bits)?> runs = [.. Enumerable.Range(0, perByte).Select(i => Run(plane, first + i, count / perByte, perByte))];
        if (runs.Any(static run => run is null) || runs.Any(run => run!.Value.Byte != runs[0]!.Value.Byte || run.Value.Bits != runs[0]!.Value.Bits))
        {
            return null;
        }

        return target.WidenBytes($"block + {runs[0]!.Value.Byte}", perByte, count) is { } wide
            ? ByteSpread.Of(wide, $"Vector{count * 8}", [.. runs.Select(static run => run!.Value.Shift)], runs[0]!.Value.Bits, plane[0].FromBit, declare)
            : null;
    }

    /// <summary>A plane of single bits, eight in each of bytes in a row: the byte of every entry is compared with the entry's bit; or null.</summary>
    private static string? Tested(SliceSpec[] plane, int first, int count)
    {
        List<(int Byte, int Shift, int Bits)?> runs = [.. Enumerable.Range(0, ByteBits).Select(i => Run(plane, first + i, count / ByteBits, ByteBits))];
        if (runs.Any(run => run is not { Bits: 1 } || run.Value.Byte != runs[0]!.Value.Byte))
        {
            return null;
        }

        // The bytes repeat in every 128 bits, so that a shuffle within them finds all.
        string vector = $"Vector{count * 8}";
        string type = count switch { 16 => "ushort", 32 => "uint", _ => "ulong" };
        string indices = IntegerList.Of(Enumerable.Range(0, count).Select(static e => (e / Window * Window) + (e / ByteBits)));
        string bits = $"{vector}.Create((byte){IntegerList.Of(Enumerable.Range(0, count).Select(e => 1 << runs[e % ByteBits]!.Value.Shift))})";
        string bytes = $"{vector}.Shuffle({vector}.Create(*({type}*)(block + {runs[0]!.Value.Byte})).AsByte(), {vector}.Create((byte){indices}))";
        return $"({vector}.Equals({bytes} & {bits}, {bits}) & {vector}.Create((byte)0x{1 << plane[0].FromBit:X2}))";
    }

    /// <summary>Where every <paramref name="step"/>th entry from a first on stands, in consecutive bytes at one shift, or null.</summary>
    private static (int Byte, int Shift, int Bits)? Run(SliceSpec[] plane, int first, int count, int step)
    {
        int bits = 0;
        int start = -1;
        for (int i = 0; i < count; i++)
        {
            int e = first + (i * step);
            if (plane.FirstOrDefault(s => e >= s.First && e < s.First + s.Count) is not { } slice)
            {
                return null;
            }

            int bit = slice.BitOf(e);
            start = i == 0 ? bit : start;
            bits = slice.Bits;
            if (bit != start + (8 * i) || (bit % 8) + bits > 8)
            {
                return null;
            }
        }

        return (start / 8, start % 8, bits);
    }

    /// <summary>8 or 16 entries as bytes; entries that are not there become 0.</summary>
    private static string? Gathered(SliceSpec[] slices, int first, int count, BlockWindow window)
    {
        var halves = new List<string>();
        int end = slices.Max(s => s.First + s.Count);
        for (int half = first; half < first + count && half < end; half += Half)
        {
            if (Lanes(slices, half, window) is not { } lanes)
            {
                return null;
            }

            halves.Add(lanes);
        }

        return $"Vector128.Narrow({halves[0]}, {(halves.Count == 1 ? "Vector128<ushort>.Zero" : halves[1])})";
    }

    /// <summary>
    /// 8 entries in lanes of 16 bits through byte shuffles: each gets the two bytes that hold its bits, times 2^(16 - bits - shift), shifted down.
    /// </summary>
    private static string? Lanes(SliceSpec[] slices, int first, BlockWindow window)
    {
        var fields = new List<string>();
        foreach (IGrouping<(int FromBit, int Bits), SliceSpec> plane in slices.GroupBy(s => (s.FromBit, s.Bits)))
        {
            int bits = plane.Key.Bits;
            (int Byte, int Shift)?[] places = Enumerable.Range(first, Half)
                .Select(e => plane.FirstOrDefault(s => e >= s.First && e < s.First + s.Count) is { } slice
                    ? (slice.BitOf(e) / 8, slice.BitOf(e) % 8)
                    : ((int, int)?)null)
                .ToArray();
            (int Byte, int Shift)[] there = places.Where(p => p is not null).Select(p => p!.Value).ToArray();
            if (there.Length == 0)
            {
                continue;
            }

            if (there.Any(p => p.Shift + bits > 16) || Shuffled(places, bits, window) is not { } shuffled)
            {
                return null;
            }

            int[] factors = [.. places.Select(p => 1 << (16 - bits - (p?.Shift ?? 0)))];
            string aligned = factors.All(static factor => factor == 1) ? shuffled : $"({shuffled} * Vector128.Create((ushort){IntegerList.Of(factors)}))";
            string lanes = bits == 16 ? aligned : $"({aligned} >>> {16 - bits})";
            fields.Add(plane.Key.FromBit == 0 ? lanes : $"({lanes} << {plane.Key.FromBit})");
        }

        return fields.Count == 0 ? null : string.Join(" | ", fields);
    }

    /// <summary>The bytes that hold so many entries, two for each, from as few windows as they stand in; null where those are too many.</summary>
    private static string? Shuffled((int Byte, int Shift)?[] places, int bits, BlockWindow window)
    {
        static int Last((int Byte, int Shift) place, int bits) => place.Byte + (place.Shift + bits > 8 ? 1 : 0);
        var left = new HashSet<int>(Enumerable.Range(0, places.Length).Where(i => places[i] is not null));
        var parts = new List<string>();
        while (left.Count > 0)
        {
            int low = left.Min(i => places[i]!.Value.Byte);
            List<int> near = [.. left.Where(i => window.At(low, Last(places[i]!.Value, bits)) is not null)];
            if (near.Count == 0 || parts.Count == MostWindows)
            {
                return null;
            }

            // The second byte of a lane is only needed by bits that straddle; elsewhere zero is shuffled in.
            BlockWindow.Place at = window.At(low, near.Max(i => Last(places[i]!.Value, bits)))!;
            string indices = IntegerList.Of(Enumerable.Range(0, places.Length).SelectMany(i => near.Contains(i) && places[i] is { } place
                ? new[] { at.IndexOf(place.Byte), place.Shift + bits > 8 ? at.IndexOf(place.Byte + 1) : BlockWindow.Zero }
                : [BlockWindow.Zero, BlockWindow.Zero]));
            parts.Add($"Vector128.Shuffle({at.Text}, Vector128.Create((byte){indices})).AsUInt16()");
            left.ExceptWith(near);
        }

        return parts.Count == 1 ? parts[0] : $"({string.Join(" | ", parts)})";
    }

    /// <summary>The codes of as many inputs as a row vector has bytes.</summary>
    /// <param name="Codes">Their vector.</param>
    /// <param name="Locals">Declarations of what it is made of.</param>
    internal readonly record struct RowVector(string Codes, IReadOnlyList<string> Locals);

    /// <summary>Entries cut out together.</summary>
    /// <param name="First">The first.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Codes">The vector of their bytes.</param>
    /// <param name="Locals">Declarations of what it is made of.</param>
    private readonly record struct Part(int First, int Count, string Codes, List<string> Locals);
}
