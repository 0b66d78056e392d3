using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes plain loops that move the bits of a slice between a block and an array of entries.</summary>
internal static class SliceWriter
{
    /// <summary>entries[entryBase + e] = all bits of a quantity. Slices of the same entries are or-ed together before they are stored.</summary>
    public static void ReadAll(CodeWriter code, FormatSpec spec, int quantity, string entries, int entryBase, string type)
    {
        IEnumerable<IGrouping<string, SliceSpec>> ofSameEntries = spec.Slices.Where(s => s.Quantity == quantity).OrderBy(static s => s.FromBit)
            .GroupBy(static s => $"{s.First}: {string.Join(" by ", s.Map.Where(static d => d.Count > 1).Select(static d => d.Count))}{(Place.IsComputed(s) ? $", {s.FromBit}" : string.Empty)}");
        foreach (IGrouping<string, SliceSpec> slices in ofSameEntries)
        {
            Read(code, [.. slices], entries, entryBase, type);
        }
    }

    /// <summary>entries[entryBase + e] = or |= bits of the block, which stand in slices with the same entries.</summary>
    private static void Read(CodeWriter code, SliceSpec[] slices, string entries, int entryBase, string type) =>
        Loop(code, slices[0], (entry, first) =>
        {
            IEnumerable<string> fields = slices.Select(slice =>
            {
                Place place = slice == slices[0] ? first : Place.Of(slice);
                string value = slice.Bits >= 16 && place.IsAligned
                    ? $"*({(slice.Bits == 16 ? "ushort" : "uint")}*)(block + {place.Byte})"
                    : $"({place.Read("block", slice.Bits)} & {Mask(slice.Bits)})";
                return slice.FromBit == 0 ? value : $"({value} << {slice.FromBit})";
            });
            string bits = string.Join(" | ", fields);
            code.Line($"{entries}[{IndexExpression.Sum(entry, entryBase.ToString())}] {(slices[0].FromBit == 0 ? "=" : "|=")} ({type}){(slices.Length == 1 ? bits : $"({bits})")};");
        });

    /// <summary>Whether the slice's entries are whole bytes of the block: written, not or-ed into it.</summary>
    public static bool IsWhole(SliceSpec slice) =>
        slice.Bits is 8 or 16 or 32 && slice.At % 8 == 0 && slice.Map.All(d => d.Count == 1 || d.Stride % 8 == 0);

    /// <summary>Bits of the block |= entries[entryBase + e], = where they are whole bytes; the other bytes start zeroed.</summary>
    public static void Write(CodeWriter code, SliceSpec slice, string entries, int entryBase) =>
        Loop(code, slice, (entry, place) =>
        {
            string value = $"{entries}[{IndexExpression.Sum(entry, entryBase.ToString())}]";
            if (IsWhole(slice))
            {
                string type = slice.Bits == 8 ? "byte" : slice.Bits == 16 ? "ushort" : "uint";
                value = slice.FromBit == 0 ? value : $"({value} >> {slice.FromBit})";
                code.Line($"*({type}*)(block + {place.Byte}) = ({type}){value};");
                return;
            }

            string field = slice.FromBit == 0 ? $"({value} & {Mask(slice.Bits)})" : $"(({value} >> {slice.FromBit}) & {Mask(slice.Bits)})";
            foreach (string line in place.Write("block", field, slice.Bits))
            {
                code.Line(line);
            }
        });

    private static void Loop(CodeWriter code, SliceSpec slice, System.Action<string, Place> body)
    {
        Dimension[] map = slice.Map.Where(d => d.Count > 1).ToArray();
        var scopes = new Stack<CodeWriter.Scope>();
        for (int d = map.Length - 1; d >= 0; d--)
        {
            scopes.Push(code.Block($"for (int i{d} = 0; i{d} < {map[d].Count}; i{d}++)"));
        }

        var entryTerms = new List<string> { slice.First.ToString() };
        int step = 1;
        for (int d = 0; d < map.Length; d++)
        {
            entryTerms.Add(IndexExpression.Times($"i{d}", step));
            step *= map[d].Count;
        }

        Place place = Place.Of(slice);
        if (place.Declaration is { } declaration)
        {
            code.Line(declaration);
        }

        body(IndexExpression.Sum(entryTerms.ToArray()), place);
        while (scopes.Count > 0)
        {
            scopes.Pop().Dispose();
        }
    }

    private static string Mask(int bits) => bits == 32 ? "0xFFFFFFFFu" : $"0x{(1L << bits) - 1:X}";

    /// <summary>Where one entry's bits stand: a byte and a shift, constant where the strides allow it.</summary>
    private sealed record Place(string Byte, string LastByte, string Shift, bool Straddles, string? Declaration)
    {
        public bool IsAligned => Shift == "0";

        /// <summary>Whether position and shift are computed. With bytes from one entry to the next, the shift is a constant.</summary>
        public static bool IsComputed(SliceSpec slice) => slice.Map.Any(static d => d.Count > 1 && d.Stride % 8 != 0);

        public static Place Of(SliceSpec slice)
        {
            Dimension[] map = [.. slice.Map.Where(static d => d.Count > 1)];
            (int at, int bits) = (slice.At, slice.Bits);
            if (!IsComputed(slice))
            {
                var terms = new List<string> { (at / 8).ToString() };
                terms.AddRange(map.Select((d, i) => IndexExpression.Times($"i{i}", d.Stride / 8)));
                string first = IndexExpression.Sum(terms.ToArray());
                bool straddles = (at % 8) + bits > 8;
                return new Place(first, straddles ? IndexExpression.Sum(first, "1") : first, (at % 8).ToString(), straddles, null);
            }

            var bit = new List<string> { at.ToString() };
            bit.AddRange(map.Select((d, i) => d.Stride < 0 ? $"(i{i} * ({d.Stride}))" : IndexExpression.Times($"i{i}", d.Stride)));
            bool mayStraddle = map.Any(d => d.Stride % 8 != 0 && (8 % bits != 0 || d.Stride % bits != 0)) || (at % 8) % bits != 0 || bits > 8;
            return new Place("bit >> 3", $"(bit + {bits - 1}) >> 3", "(bit & 7)", mayStraddle, $"int bit = {IndexExpression.Sum(bit.ToArray())};");
        }

        public string Read(string block, int bits) =>
            Straddles
                ? $"(({block}[{Byte}] | ({block}[{LastByte}] << 8)) >> {Shift})"
                : Shift == "0" ? $"{block}[{Byte}]" : $"({block}[{Byte}] >> {Shift})";

        public IEnumerable<string> Write(string block, string field, int bits)
        {
            yield return Shift == "0" ? $"{block}[{Byte}] |= (byte){field};" : $"{block}[{Byte}] |= (byte)({field} << {Shift});";
            if (Straddles)
            {
                yield return $"{block}[{LastByte}] |= (byte)(({field} << {Shift}) >> 8);";
            }
        }
    }
}
