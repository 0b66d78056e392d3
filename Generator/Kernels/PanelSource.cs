using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Weights decoded from a packed panel. The kernel's locals are <c>panel</c> (header) and <c>block</c> (current packed block).
/// </summary>
internal sealed class PanelSource(FormatPlan plan, Target target) : WeightSource
{
    private readonly PanelParameters _parameters = new(plan, target);
    private readonly Dictionary<string, string> _planes = [];
    private readonly bool _rebased = plan.Form.Signed && target.RebasesSigned;
    private int _names;

    /// <summary>How far ahead cache lines are fetched; see docs/performance.md.</summary>
    public const int PrefetchBytes = 8192;

    private const int LineBytes = 64;

    private const int SignBit = 7;

    /// <summary>The bits of a code of <see cref="PanelPlan.JoinsNibbles"/>.</summary>
    private const int CodeMask = 0x07;

    /// <summary>
    /// Whether cache lines are fetched ahead: those of codes where they are walked, a few at a time, because a block's at once are more than the core has in flight.
    /// </summary>
    public bool Prefetches { get; init; }

    /// <summary>The pointer to the codes.</summary>
    public string Pointer { get; init; } = "w";

    /// <summary>What the names of declared values begin with.</summary>
    public string Prefix { get; init; } = "w";

    /// <summary>Rows of activations of a product that may take fields in place; 0 where values are wanted as they are.</summary>
    public int ProductRows { get; init; }

    public override int Stretch => FieldsInPlace.Stretch(plan, target, ProductRows);

    public override int? LargestMagnitude => HasMagnitudes ? plan.Form.Magnitudes.Max() : null;

    private bool HasMagnitudes => target.SignsActivations && plan.Form.Magnitudes.Count != 0 && !plan.Scaling.Integer && ProductRows > 0;

    public override (string Scale, string Min) Outer => ("scale", "min");

    /// <summary>Whether vectors have several rows, each of which looks up in a table of its own.</summary>
    public bool LooksUpByRow => plan.HasRowIntegers && target.Lanes > 1;

    public override void BeginKernel(CodeWriter code)
    {
        if (plan.Panel.Integers is { } integers && !plan.HasRowIntegers)
        {
            DeclareTables(code, string.Empty, integers, string.Empty, repeated: true);
        }

        if (HasMagnitudes)
        {
            for (int plane = 0; plane < plan.Form.Planes; plane++)
            {
                code.Line(target.DeclareTable("table" + plane, plan.Form.Magnitudes.Skip(plane * Magnitudes).Take(Magnitudes).ToList()));
            }
        }
        else if (plan.Form.IsLookup)
        {
            int entries = plan.Form.TableEntries;
            for (int plane = 0; plane < plan.Form.Planes; plane++)
            {
                code.Line(target.DeclareTable("table" + plane, plan.Form.Table.Skip(plane * entries).Take(entries).Select(w => _rebased ? w + TileShape.Rebase : w).ToList()));
            }
        }
    }

    public override void BeginRows(CodeWriter code, string row)
    {
        _parameters.Header(code, row);
        if (plan.Panel.Integers is { } integers)
        {
            code.Line($"{target.Single} {LearnedTable.Factor} = {target.LoadSingle(Offset("panel", $"{integers.FactorsAt}", Times(row, 4)))};");
            RowTables(code, integers, row);
        }

        code.Line($"byte* block = {Offset("panel", plan.Panel.HeaderBytes.ToString())};");
    }

    public override void BeginBlock(CodeWriter code, string row, bool advances)
    {
        _parameters.Block(code, row, plan.Scaling.Integer);
        BeginCodes(code, "block", row);
        if (Prefetches)
        {
            Prefetch(code, target, "block", advances ? plan.Panel.CodesAt : plan.Panel.BlockBytes);
        }

        code.Line($"byte* w = {Offset("block", plan.Panel.CodesAt.ToString())};");
    }

    /// <summary>Declares what the codes of the block at a pointer have in common: the number of their table.</summary>
    public void BeginCodes(CodeWriter code, string block, string row)
    {
        if (plan.Panel.Fields.FirstOrDefault(static field => field.Place == PanelPlace.Selector) is { } selector)
        {
            code.Line($"{target.Bytes} {Selector} = {target.SpreadRows(Offset(block, $"{selector.At}", row))};");
        }
    }

    /// <summary>Fetches so many bytes ahead of those at a pointer.</summary>
    public static void Prefetch(CodeWriter code, Target target, string pointer, int bytes)
    {
        for (int line = 0; line < (bytes + LineBytes - 1) / LineBytes && target.Prefetch(pointer) is { Length: > 0 }; line++)
        {
            code.Line(target.Prefetch($"{pointer} + {PrefetchBytes + (LineBytes * line)}"));
        }
    }

    public override void Advance(CodeWriter code, int quads)
    {
        if (Prefetches)
        {
            Prefetch(code, target, "w", CodeBytes(quads));
        }

        base.Advance(code, quads);
    }

    public override void EndBlock(CodeWriter code) => code.Line($"block += {plan.Panel.BlockBytes};");

    public override int CodeBytes(int quads) => quads * 4 * plan.Panel.Rows * plan.Panel.CodeBits / 8;

    public override string[] Quad(CodeWriter code, int quad, string row)
    {
        if (LooksUpByRow)
        {
            return QuadOfRows(code, quad, row);
        }

        string index = PackedQuad(code, quad, row);
        if (plan.Form.TableEntries == 0)
        {
            return [_rebased ? Declare(code, target.Bytes, target.Rebase(index)) : index];
        }

        if (HasMagnitudes)
        {
            Signs = Declare(code, target.Bytes, target.Field(index, plan.Form.PackedBits - 1, SignBit, 0xFF));
            index = Declare(code, target.Bytes, target.Field(index, 0, 0, Magnitudes - 1));
        }

        return Enumerable.Range(0, plan.Form.Planes)
            .Select(plane => Declare(code, target.Bytes, target.Lookup("table" + plane, index, HasMagnitudes ? Magnitudes : plan.Form.TableEntries)))
            .ToArray();
    }

    /// <summary>Entries of a plane of magnitudes.</summary>
    private int Magnitudes => plan.Form.TableEntries / 2;

    /// <summary>
    /// Declares the packed codes of four quads from <paramref name="quad"/> on as vectors of rows: the first has row 0 of every 128 bits of a quad vector, the last row 3.
    /// </summary>
    public string[] RowCodes(CodeWriter code, int quad, string row) =>
        Transposition.Write(code, target, [.. Enumerable.Range(quad, Transposition.Quads).Select(q => PackedQuad(code, q, row))], NewName);

    /// <summary>Whether a chunk's codes are four vectors of nibbles, which can be transposed before they are taken apart.</summary>
    public bool TransposesNibbles => StoresNibbles || plan.Panel.JoinsNibbles;

    /// <summary>Whether nibbles are what is stored: the low ones those of the quads of even numbers, the high ones of odd. Otherwise they are those of the first and of the last four.</summary>
    public bool StoresNibbles => plan.Panel.PlaneBits.SequenceEqual([FieldsInPlace.Nibble]);

    /// <summary>The codes of a chunk as <see cref="RowCodes"/> has those of four quads, in two sets: of the quads in the low and of those in the high nibbles.</summary>
    public List<string[]> RowNibbles(CodeWriter code, int quad, string row)
    {
        int at = quad / PanelPlan.ChunkQuads * plan.Panel.VectorBytes * plan.Panel.CodeBits;
        string[] loaded = [.. Enumerable.Range(0, Transposition.Quads).Select(v =>
            StoresNibbles ? Load(code, at + (v * plan.Panel.VectorBytes), row) : Joined(code, at, v, row))];
        string[] rows = Transposition.Write(code, target, loaded, NewName);
        return [.. new[] { 0, FieldsInPlace.Nibble }.Select(bit => rows.Select(name => Declare(code, target.Bytes, target.Field(name, bit, 0, 0x0F))).ToArray())];
    }

    /// <summary>A plane of the integers of codes in a vector of rows, the <paramref name="vector"/>-th of four.</summary>
    public string LookupByRow(int plane, int vector, string codes) => target.Lookup($"table{plane}_{vector}", codes, plan.Form.TableEntries);

    /// <summary>The planes of a quad of rows that look up by themselves: those of four quads are found together.</summary>
    private string[] QuadOfRows(CodeWriter code, int quad, string row)
    {
        string Key(int q, int plane) => $"quad {q} {plane} {row}";
        int first = quad / Transposition.Quads * Transposition.Quads;
        if (!_planes.ContainsKey(Key(quad, 0)))
        {
            string[] codes = RowCodes(code, first, row);
            for (int plane = 0; plane < plan.Form.Planes; plane++)
            {
                string[] found = [.. codes.Select((name, vector) => Declare(code, target.Bytes, LookupByRow(plane, vector, name)))];
                string[] quads = Transposition.Write(code, target, found, NewName);
                for (int i = 0; i < quads.Length; i++)
                {
                    _planes.Add(Key(first + i, plane), quads[i]);
                }
            }
        }

        return [.. Enumerable.Range(0, plan.Form.Planes).Select(plane => _planes[Key(quad, plane)])];
    }

    /// <summary>Declares the tables of the rows, as vectors look up in them.</summary>
    private void RowTables(CodeWriter code, PanelIntegers integers, string row)
    {
        if (!plan.HasRowIntegers)
        {
            return;
        }

        if (!LooksUpByRow)
        {
            // One row at a time.
            DeclareTables(code, string.Empty, integers, $"({row} % {PanelIntegers.Stride} * {integers.PlaneBytes / PanelIntegers.Stride}) + ({row} / {PanelIntegers.Stride} * {PanelIntegers.TableBytes})", repeated: false);
            return;
        }

        for (int vector = 0; vector < Transposition.Quads; vector++)
        {
            DeclareTables(code, $"_{vector}", integers with { TablesAt = integers.TablesAt + (vector * integers.PlaneBytes / PanelIntegers.Stride) }, Times(row, 4), repeated: false);
        }
    }

    private void DeclareTables(CodeWriter code, string suffix, PanelIntegers integers, string at, bool repeated)
    {
        for (int plane = 0; plane < plan.Form.Planes; plane++)
        {
            string table = $"{integers.TablesAt + (plane * integers.PlaneBytes)}";
            code.Line(target.DeclareTableAt($"table{plane}{suffix}", at.Length == 0 ? Offset("panel", table) : Offset("panel", table, at), repeated));
        }
    }

    /// <summary>Declares the packed codes of a quad, their step applied, and returns the name.</summary>
    public string PackedQuad(CodeWriter code, int quad, string row)
    {
        if (plan.Panel.HasTables)
        {
            return Declare(code, target.Bytes, target.SpreadBits(Offset("w", $"{quad / 2 * plan.Panel.Rows}", row), quad % 2, plan.Form.Step));
        }

        // Planes of a chunk of 8 quads follow each other; a plane of p bits holds 8/p quads in every vector.
        int chunk = quad / 8;
        int at = chunk * plan.Panel.VectorBytes * plan.Panel.CodeBits;
        int bit = plan.Form.IsLookup ? 0 : PowerOfTwo.Log2(plan.Form.Step);
        if (plan.Panel.JoinsNibbles)
        {
            int pair = quad % FieldsInPlace.Nibble;
            int low = quad % PanelPlan.ChunkQuads == pair ? 0 : FieldsInPlace.Nibble;
            return Declare(code, target.Bytes, Whole(target.Field(Joined(code, at, pair, row), low, bit, CodeMask << bit)));
        }

        string? value = null;
        foreach (int plane in plan.Panel.PlaneBits)
        {
            int perVector = 8 / plane;
            int vector = quad % 8 / perVector;
            string loaded = Load(code, at + (vector * plan.Panel.VectorBytes), row);
            int from = plane * (quad % perVector);
            int to = bit;
            if (Stretch > 0)
            {
                (loaded, from, to) = InPlace(code, loaded, from);
            }

            string field = target.Field(loaded, from, to, ((1 << plane) - 1) << to);
            value = value is null ? field : target.Or(value, field);
            at += plan.Panel.VectorBytes * plane;
            bit += plane;
        }

        return Declare(code, target.Bytes, Whole(value!));
    }

    /// <summary>Codes with what their block has in common.</summary>
    private string Whole(string codes) => plan.Panel.CodeBits == plan.Form.PackedBits ? codes : target.Or(codes, Selector);

    /// <summary>Forgets the loaded plane vectors: a new scope starts or <c>w</c> moves.</summary>
    public void ForgetLoads() => _planes.Clear();

    public override (string Scale, string Zero, string Min) Segment(CodeWriter code, string segment, string row) =>
        _parameters.Segment(code, segment, row, integer: true, NewName());

    public override string ScalePairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, _parameters.Pairs(plan.Scaling.InnerScale, pair, row));

    public override string MinPairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, _parameters.Pairs(plan.Scaling.InnerMin, pair, row));

    /// <summary>
    /// The codes of quads <paramref name="pair"/> and four on, of the chunk <paramref name="at"/> bytes on, in the low and the high nibbles: two pairs of bits are masked at once,
    /// and so are the bits above them.
    /// </summary>
    private string Joined(CodeWriter code, int at, int pair, string row)
    {
        string key = $"joined {at} {pair} {row}";
        if (!_planes.TryGetValue(key, out string? joined))
        {
            string pairs = Load(code, at + (pair / 2 * plan.Panel.VectorBytes), row);
            string bits = Load(code, at + (2 * plan.Panel.VectorBytes), row);
            joined = Declare(code, target.Bytes, target.Or(target.Field(pairs, pair % 2 * 2, 0, 0x33), target.Field(bits, pair, 2, 0x44)));
            _planes.Add(key, joined);
        }

        return joined;
    }

    /// <summary>The nibble that a field stands in, and where it stands there.</summary>
    private (string Nibble, int From, int To) InPlace(CodeWriter code, string loaded, int from)
    {
        int at = from % FieldsInPlace.Nibble;
        if (from < FieldsInPlace.Nibble)
        {
            return (loaded, at, at);
        }

        string key = loaded + " high";
        if (!_planes.TryGetValue(key, out string? high))
        {
            high = Declare(code, target.Bytes, target.Field(loaded, FieldsInPlace.Nibble, 0, 0xFF));
            _planes.Add(key, high);
        }

        return (high, at, at);
    }

    private string Load(CodeWriter code, int at, string row)
    {
        string pointer = Offset(Pointer, at.ToString(), Times(row, 4));
        if (!_planes.TryGetValue(pointer, out string? name))
        {
            name = Declare(code, target.Bytes, target.LoadBytes(pointer));
            _planes.Add(pointer, name);
        }

        return name;
    }

    private string Declare(CodeWriter code, string type, string value)
    {
        string name = NewName();
        code.Line($"{type} {name} = {value};");
        return name;
    }

    private string NewName() => Prefix + _names++;

    /// <summary>The local with the number of the block's table, for every row.</summary>
    private string Selector => Prefix + "chosen";
}
