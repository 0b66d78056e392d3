using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the vectorised packing of codes, the inverse of <see cref="CodeExtraction"/>. It knows no layouts: it looks at whose bits
/// stand in the bytes of a block. Bytes in a row that hold the bits of consecutive inputs at one shift are shifted and or-ed
/// together; 8 inputs that fill consecutive bits, in any order, are folded from their bytes: neighbours together, then pairs,
/// then quads. What is neither is packed by the plain loops. Writes the bytes of codes and, before later writes put them right,
/// up to 7 bytes after them; never outside the block.
/// </summary>
internal sealed class CodeInsertion(FormatSpec spec, Target target)
{
    private const int Lane = 8;

    private readonly (int Input, int Bit)?[] _owners = Owners(spec);

    /// <summary>Whether a byte of the block holds bits of codes.</summary>
    public bool Owns(int at) => Enumerable.Range(at * 8, 8).Any(bit => _owners[bit] is not null);

    /// <summary>The statements that pack the codes at <c>codes</c> into <c>block</c>, or null where plain loops must do it.</summary>
    public IReadOnlyList<string>? Statements()
    {
        if (!target.HasRowVectors || !spec.StoresCodes || spec.Codes.Float is not null || spec.Block.Inputs > 1024)
        {
            return null;
        }

        var statements = new List<string>();
        for (int at = 0; at < spec.Block.Bytes;)
        {
            if (!Owns(at))
            {
                at++;
            }
            else if (Straight(at, statements) is > 0 and int straight)
            {
                at += straight;
            }
            else if (Folded(at, statements) is > 0 and int folded)
            {
                at += folded;
            }
            else
            {
                return null;
            }
        }

        return statements;
    }

    private static (int Input, int Bit)?[] Owners(FormatSpec spec)
    {
        var owners = new (int, int)?[spec.Block.Bytes * 8];
        foreach (SliceSpec slice in spec.Slices.Where(s => s.Quantity == SliceSpec.CodesQuantity))
        {
            for (int e = slice.First; e < slice.First + slice.Count; e++)
            {
                for (int bit = 0; bit < slice.Bits; bit++)
                {
                    owners[slice.BitOf(e) + bit] = (e, slice.FromBit + bit);
                }
            }
        }

        return owners;
    }

    /// <summary>Packs bytes in a row, each bit of which belongs to inputs in a row, and returns how many.</summary>
    private int Straight(int at, List<string> statements)
    {
        foreach (int count in new[] { target.RowBytes, 32, 16, Lane }.Where(n => n <= target.RowBytes && at + n <= spec.Block.Bytes).Distinct())
        {
            bool all = Enumerable.Range(0, 8).All(s => _owners[(at * 8) + s] is { } first
                && Enumerable.Range(0, count).All(j => _owners[((at + j) * 8) + s] == (first.Input + j, first.Bit)));
            if (!all)
            {
                continue;
            }

            var fields = new List<string>();
            for (int s = 0; s < 8;)
            {
                (int input, int bit) = _owners[(at * 8) + s]!.Value;
                int width = 1;
                while (s + width < 8 && _owners[(at * 8) + s + width] == (input, bit + width))
                {
                    width++;
                }

                fields.Add(Field(input, bit, s, width, count));
                s += width;
            }

            string value = string.Join(" | ", fields);
            string pointer = Offset("block", Text(at));
            statements.Add(count == Lane ? $"*(ulong*)({pointer}) = {value};" : $"({value}).Store({pointer});");
            return count;
        }

        return 0;
    }

    /// <summary>Some bits of <paramref name="count"/> codes, moved to bit <paramref name="to"/> of their bytes.</summary>
    private static string Field(int first, int from, int to, int width, int count)
    {
        string pointer = Offset("codes", Text(first));
        int mask = ((1 << width) - 1) << to;
        int net = from - to;
        if (count == Lane)
        {
            string word = net > 0 ? $"(*(ulong*)({pointer}) >> {net})" : net < 0 ? $"(*(ulong*)({pointer}) << {-net})" : $"*(ulong*)({pointer})";
            return width == 8 ? word : $"({word} & 0x{string.Concat(Enumerable.Repeat(mask.ToString("X2", CultureInfo.InvariantCulture), 8))}UL)";
        }

        string vector = $"Vector{count * 8}";
        string loaded = $"{vector}.Load({pointer})";
        string moved = net > 0 ? $"({loaded}.AsUInt16() >>> {net}).AsByte()" : net < 0 ? $"({loaded}.AsUInt16() << {-net}).AsByte()" : loaded;
        return width == 8 ? moved : $"({moved} & {vector}.Create((byte)0x{mask:X2}))";
    }

    /// <summary>Packs lanes of 8 inputs that fill consecutive bits and returns how many bytes.</summary>
    private int Folded(int at, List<string> statements)
    {
        if (LaneAt(at) is not { } lane)
        {
            return 0;
        }

        int lanes = 1;
        while (lanes < target.RowBytes / Lane && LaneAt(at + (lanes * lane.Width)) is { } next && next.Follows(lane, lanes))
        {
            lanes++;
        }

        lanes = lanes >= 8 ? 8 : lanes >= 4 ? 4 : lanes >= 2 ? 2 : 1;
        int bits = lanes * Lane * 8;
        string vector = bits < 128 ? "Vector128" : $"Vector{bits}";
        string loaded = lanes == 1 ? $"Vector128.CreateScalar(*(ulong*)({Offset("codes", Text(lane.First))})).AsByte()" : $"{vector}.Load({Offset("codes", Text(lane.First))})";
        if (!lane.Order.SequenceEqual(Enumerable.Range(0, Lane)))
        {
            IEnumerable<int> order = Enumerable.Range(0, System.Math.Max(lanes, 2)).SelectMany(l => lane.Order.Select(i => (l * Lane) + i));
            loaded = $"{vector}.Shuffle({loaded}, {vector}.Create((byte){IntegerList.Of(order)}))";
        }

        string name = $"f{at}";
        if (lane.Width == 1 && lanes > 1)
        {
            // One bit each: the mask of the bytes' top bits.
            string top = lane.Bit == 7 ? loaded : $"({loaded}.AsUInt16() << {7 - lane.Bit}).AsByte()";
            string type = lanes == 2 ? "ushort" : lanes == 4 ? "uint" : "ulong";
            statements.Add($"*({type}*)({Offset("block", Text(at))}) = ({type})({top}).ExtractMostSignificantBits();");
            return lanes;
        }

        int w = lane.Width;
        int mask = (1 << w) - 1;
        string bytes = lane.Bit == 0 ? loaded : $"({loaded}.AsUInt16() >>> {lane.Bit}).AsByte()";
        statements.Add($"{vector}<ushort> {name}a = ({bytes} & {vector}.Create((byte)0x{mask:X2})).AsUInt16();");
        statements.Add($"{vector}<uint> {name}b = ({Fold($"{name}a", 8, w, $"{vector}.Create((ushort)0x{(1 << (2 * w)) - 1:X4})", $"{vector}.Create((ushort)0x{mask:X4})")}).AsUInt32();");
        statements.Add($"{vector}<ulong> {name}c = ({Fold($"{name}b", 16, 2 * w, $"{vector}.Create(0x{(uint)((1L << (4 * w)) - 1):X8}u)", $"{vector}.Create(0x{(1 << (2 * w)) - 1:X8}u)")}).AsUInt64();");
        statements.Add($"{name}c = {Fold($"{name}c", 32, 4 * w, null, $"{vector}.Create(0x{(1L << (4 * w)) - 1:X16}UL)")};");
        for (int l = 0; l < lanes; l++)
        {
            Store(statements, at + (l * w), $"{name}c.GetElement({l})", w);
        }

        return lanes * w;
    }

    /// <summary>
    /// Both halves of every lane, <paramref name="width"/> bits each in <paramref name="half"/>, put together at the low end. Where
    /// the low half's bits cannot reach the high half's place, one shift does for both and a mask removes the rest.
    /// </summary>
    private static string Fold(string name, int half, int width, string? both, string low)
    {
        string folded = 2 * width <= half ? $"{name} | ({name} >>> {half - width})" : $"({name} & {low}) | (({name} >>> {half}) << {width})";
        return 2 * width <= half && both is not null ? $"({folded}) & {both}" : folded;
    }

    /// <summary>Stores the low bytes of a word: all 8 where the block goes on that far, since what follows is written later.</summary>
    private void Store(List<string> statements, int at, string word, int bytes)
    {
        if (at + 8 <= spec.Block.Bytes)
        {
            statements.Add($"*(ulong*)({Offset("block", Text(at))}) = {word};");
            return;
        }

        int done = 0;
        foreach ((int size, string type) in new[] { (4, "uint"), (2, "ushort"), (1, "byte") })
        {
            for (; bytes - done >= size; done += size)
            {
                string part = done == 0 ? word : $"({word} >> {8 * done})";
                statements.Add($"*({type}*)({Offset("block", Text(at + done))}) = ({type}){part};");
            }
        }
    }

    /// <summary>The 8 inputs whose bits fill the bytes from <paramref name="at"/> on, or null.</summary>
    private FoldedLane? LaneAt(int at)
    {
        if (at >= spec.Block.Bytes || _owners[at * 8] is not { } start)
        {
            return null;
        }

        int width = 1;
        while (width < 8 && (at * 8) + width < _owners.Length && _owners[(at * 8) + width] == (start.Input, start.Bit + width))
        {
            width++;
        }

        if (at + width > spec.Block.Bytes)
        {
            return null;
        }

        var inputs = new List<int>();
        for (int slot = 0; slot < Lane; slot++)
        {
            if (_owners[(at * 8) + (slot * width)] is not { } owner
                || Enumerable.Range(0, width).Any(b => _owners[(at * 8) + (slot * width) + b] != (owner.Input, start.Bit + b)))
            {
                return null;
            }

            inputs.Add(owner.Input);
        }

        int first = inputs.Min();
        return inputs.Distinct().Count() == Lane && inputs.Max() == first + Lane - 1
            ? new FoldedLane(first, start.Bit, width, inputs.Select(i => i - first).ToArray())
            : null;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>8 inputs in consecutive bits.</summary>
    /// <param name="First">The first input.</param>
    /// <param name="Bit">The lowest bit of their codes.</param>
    /// <param name="Width">Bits of each.</param>
    /// <param name="Order">The inputs, less the first, in the order in which they stand.</param>
    private sealed record FoldedLane(int First, int Bit, int Width, int[] Order)
    {
        public bool Follows(FoldedLane before, int lanes) =>
            First == before.First + (lanes * Lane) && Bit == before.Bit && Width == before.Width && Order.SequenceEqual(before.Order);
    }
}
