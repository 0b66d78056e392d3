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

    /// <summary>Whether the cache line this far ahead is fetched with every block; see docs/performance.md.</summary>
    public const int PrefetchBytes = 8192;

    public bool Prefetches { get; init; }

    /// <summary>The pointer to the codes.</summary>
    public string Pointer { get; init; } = "w";

    /// <summary>What the names of declared values begin with.</summary>
    public string Prefix { get; init; } = "w";

    /// <summary>Rows of activations of a product that may take fields in place; 0 where values are wanted as they are.</summary>
    public int ProductRows { get; init; }

    public override int Stretch => FieldsInPlace.Stretch(plan, target, ProductRows);

    public override (string Scale, string Min) Outer => ("scale", "min");

    public override void BeginKernel(CodeWriter code)
    {
        if (plan.Form.IsLookup)
        {
            int entries = plan.Form.Table.Count / plan.Form.Planes;
            for (int plane = 0; plane < plan.Form.Planes; plane++)
            {
                code.Line(target.DeclareTable("table" + plane, plan.Form.Table.Skip(plane * entries).Take(entries).Select(w => _rebased ? w + TileShape.Rebase : w).ToList()));
            }
        }
    }

    public override void BeginRows(CodeWriter code, string row)
    {
        _parameters.Header(code, row);
        code.Line($"byte* block = {Offset("panel", plan.Panel.HeaderBytes.ToString())};");
    }

    public override void BeginBlock(CodeWriter code, string row)
    {
        _parameters.Block(code, row, plan.Scaling.Integer);
        if (Prefetches)
        {
            Prefetch(code, plan, target, "block");
        }

        code.Line($"byte* w = {Offset("block", plan.Panel.CodesAt.ToString())};");
    }

    /// <summary>Fetches as many lines as a block has, ahead of the current one.</summary>
    public static void Prefetch(CodeWriter code, FormatPlan plan, Target target, string block)
    {
        for (int line = 0; line < (plan.Panel.BlockBytes + 63) / 64 && target.Prefetch(block) is { Length: > 0 }; line++)
        {
            code.Line(target.Prefetch($"{block} + {PrefetchBytes + (64 * line)}"));
        }
    }

    public override void EndBlock(CodeWriter code) => code.Line($"block += {plan.Panel.BlockBytes};");

    public override int CodeBytes(int quads) => quads * 4 * plan.Panel.Rows * plan.Form.PackedBits / 8;

    public override string[] Quad(CodeWriter code, int quad, string row)
    {
        string index = PackedQuad(code, quad, row);
        if (!plan.Form.IsLookup)
        {
            return [_rebased ? Declare(code, target.Bytes, target.Rebase(index)) : index];
        }

        return Enumerable.Range(0, plan.Form.Planes)
            .Select(plane => Declare(code, target.Bytes, target.Lookup("table" + plane, index, plan.Form.Table.Count / plan.Form.Planes)))
            .ToArray();
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
        int at = chunk * plan.Panel.VectorBytes * plan.Form.PackedBits;
        int bit = plan.Form.IsLookup ? 0 : Log2(plan.Form.Step);
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

        return Declare(code, target.Bytes, value!);
    }

    /// <summary>Forgets the loaded plane vectors: a new scope starts or <c>w</c> moves.</summary>
    public void ForgetLoads() => _planes.Clear();

    public override (string Scale, string Zero, string Min) Segment(CodeWriter code, string segment, string row) =>
        _parameters.Segment(code, segment, row, integer: true, NewName());

    public override string ScalePairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, _parameters.Pairs(plan.Scaling.InnerScale, pair, row));

    public override string MinPairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, _parameters.Pairs(plan.Scaling.InnerMin, pair, row));

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

    private static int Log2(int power)
    {
        int log = 0;
        while (1 << log < power)
        {
            log++;
        }

        return log;
    }
}
