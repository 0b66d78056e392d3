using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Weights read from a decoded int8 tile; locals <c>tile</c> and <c>scales</c> point to the current block.</summary>
internal sealed class TileSource(TileShape shape, Target target) : WeightSource
{
    private int _names;

    public override (string Scale, string Min) Outer => ("scale", "min");

    public override void BeginKernel(CodeWriter code)
    {
    }

    public override void BeginRows(CodeWriter code, string row)
    {
        code.Line("byte* t = tile;");
        code.Line("byte* s = scales;");
    }

    public override void BeginBlock(CodeWriter code, string row, bool advances)
    {
        if (shape.Integer)
        {
            code.Line($"{target.Single} scale = {target.LoadSingle(Offset("s", Times(row, 4)))};");
            if (shape.HasMin)
            {
                code.Line($"{target.Single} min = {target.LoadSingle(Offset("s", $"{shape.RecordBytes}", Times(row, 4)))};");
            }
        }

        code.Line("byte* w = t;");
    }

    public override void EndBlock(CodeWriter code)
    {
        code.Line($"t += {shape.TileBytes};");
        code.Line($"s += {shape.ScaleBytes};");
    }

    public override string[] Quad(CodeWriter code, int quad, string row)
    {
        var names = new string[shape.Planes];
        for (int plane = 0; plane < shape.Planes; plane++)
        {
            names[plane] = Declare(code, target.Bytes, target.LoadBytes(Offset("w", $"{(quad * shape.QuadBytes) + (plane * 4 * shape.Rows)}", Times(row, 4))));
        }

        return names;
    }

    public override int CodeBytes(int quads) => quads * shape.QuadBytes;

    public override (string Scale, string Zero, string Min) Segment(CodeWriter code, string segment, string row)
    {
        int next = 0;
        string scale = Declare(code, target.Single, target.LoadSingle(Record(segment, next++, row)));
        string zero = shape.HasZero ? Declare(code, target.Int32, target.LoadInt32(Record(segment, next++, row))) : string.Empty;
        string min = shape.HasMin ? Declare(code, target.Single, target.LoadSingle(Record(segment, next, row))) : string.Empty;
        return (scale, zero, min);
    }

    public override string ScalePairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, target.ReloadPairs(PairRecord(pair, 0, row)));

    public override string MinPairs(CodeWriter code, string pair, string row) =>
        Declare(code, target.Pairs, target.ReloadPairs(PairRecord(pair, 1, row)));

    private string Record(string segment, int index, string row) =>
        Offset("s", Times(segment, shape.SegmentRecords * shape.RecordBytes), $"{index * shape.RecordBytes}", Times(row, 4));

    private string PairRecord(string pair, int index, string row)
    {
        int kinds = shape.HasMin ? 2 : 1;
        return Offset("s", Times(pair, kinds * shape.RecordBytes), $"{(kinds + index) * shape.RecordBytes}", Times(row, 4));
    }

    private string Declare(CodeWriter code, string type, string value)
    {
        string name = "w" + _names++;
        code.Line($"{type} {name} = {value};");
        return name;
    }
}
