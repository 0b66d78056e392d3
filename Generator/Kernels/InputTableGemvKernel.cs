using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the f32 GEMV of formats with a table per input, which reads packed panels without a tile: an input's table is loaded once and looked up for the rows
/// of several panels. An output is one chain of multiply-adds over the inputs, the order of the f32 micro-kernels, so that the bits are theirs.
/// </summary>
internal sealed class InputTableGemvKernel(FormatPlan plan, Target target)
{
    /// <summary>The type of the tile that the last inputs are decoded into.</summary>
    private const string Buffer = "TileBuffer";

    /// <summary>Rows of the tallest panel.</summary>
    private const int MostRows = 16;

    /// <summary>Vectors of sums at once: a multiply-add takes about four cycles, and a table's load is shared.</summary>
    private const int Chains = 4;

    /// <summary>Inputs of a chunk of quads.</summary>
    private const int Chunk = 4 * PanelPlan.ChunkQuads;

    private readonly int _vectors = Math.Max(1, plan.Panel.Rows / target.Lanes);
    private readonly int _numbers = plan.Spec.HasInputTables ? plan.Spec.Parameters[plan.Spec.Learned].Count : 0;

    /// <summary>
    /// Whether a format has the kernel on a target: weights are what the tables say, a packed block is whole chunks of its inputs, and the kernel may
    /// have the last inputs decoded by another.
    /// </summary>
    public static bool Serves(FormatPlan plan, Target target) =>
        target.KernelsCall && HasBuffer(plan);

    /// <summary>Whether some target has the kernel, and its buffer is declared.</summary>
    public static bool HasBuffer(FormatPlan plan) =>
        plan.Spec is { HasInputTables: true, Parameters.Count: 1 } && plan.Grouping.Block % Chunk == 0 && !PackPanelKernel.HasPaddedQuads(plan);

    public void Write(CodeWriter code)
    {
        int most = Math.Max(1, Chains / _vectors);
        code.Doc($"""
            <summary>
            y[p * {plan.Panel.Rows} + r] = row r of panel p times one row of f32 activations, the bits of the f32 micro-kernels. Up to {most} panels are walked side by side.
            </summary>
            """);
        using (code.Method("internal static void GemvFloat32(byte* panels, long panelStride, long panelCount, byte* tensorSide, long inputs, float* x, float* y)"))
        {
            EagerOptimization.Write(code, target, "inputs", "x", "float");
            foreach (int side in new[] { most, 1 }.Distinct())
            {
                using (code.Block($"for (; panelCount >= {side}; panelCount -= {side}, panels += {side} * panelStride, y += {side * plan.Panel.Rows})"))
                {
                    Panels(code, side);
                }
            }
        }
    }

    /// <summary>Scalar class only: the buffer type.</summary>
    public void WriteType(CodeWriter code)
    {
        code.Doc("<summary>The weights of one packed block.</summary>");
        code.Line($"[InlineArray({plan.Grouping.Block * MostRows})]");
        using (code.Block($"internal struct {Buffer}"))
        {
            code.Line("private float _first;");
        }
    }

    private void Panels(CodeWriter code, int count)
    {
        PanelSource[] sources = [.. Enumerable.Range(0, count).Select(p => new PanelSource(plan, target) { Pointer = $"codes{p}", Prefix = $"q{p}_" })];
        for (int p = 0; p < count; p++)
        {
            code.Line($"byte* codes{p} = {Offset("panels", $"{plan.Panel.HeaderBytes + plan.Panel.CodesAt}", PanelAt(p))};");
        }

        ForEachSum(count, (p, v) => code.Line($"{target.Single} acc{p}_{v} = {target.ZeroSingle};"));
        code.Line($"float* tables = (float*)({RowParameters.InputSidePointer(plan.Spec)});");
        code.Line("float* a = x;");
        code.Line("long k = inputs;");
        using (code.Block($"for (; k >= {Chunk}; k -= {Chunk})"))
        {
            for (int quad = 0; quad < PanelPlan.ChunkQuads; quad++)
            {
                Quad(code, sources, quad);
            }

            for (int p = 0; p < count; p++)
            {
                code.Line($"codes{p} += {sources[p].CodeBytes(PanelPlan.ChunkQuads)};");
            }

            code.Line($"tables += {Chunk * _numbers};");
            code.Line($"a += {Chunk};");
        }

        using (code.Block("if (k > 0)"))
        {
            Rest(code, count);
        }

        ForEachSum(count, (p, v) => code.Line(target.StoreSingle(Offset("y", $"{(p * plan.Panel.Rows) + (v * target.Lanes)}"), $"acc{p}_{v}")));
    }

    private void Quad(CodeWriter code, IReadOnlyList<PanelSource> sources, int quad)
    {
        string[,] packed = new string[sources.Count, _vectors];
        ForEachSum(sources.Count, (p, v) => packed[p, v] = sources[p].PackedQuad(code, quad, $"{v * target.Lanes}"));
        for (int i = 0; i < 4; i++)
        {
            int input = (quad * 4) + i;
            code.Line(target.DeclareSingleTableAt($"table{input}", $"({Offset("tables", $"{input * _numbers}")})", _numbers));
            code.Line($"{target.Single} x{input} = {target.BroadcastSingle(Offset("a", $"{input}"))};");
            ForEachSum(sources.Count, (p, v) =>
            {
                string index = $"i{input}_{p}_{v}";
                code.Line($"{target.Int32} {index} = {target.ByteOf(packed[p, v], i, plan.Form.Signed && !plan.Form.IsLookup)};");
                code.Line($"acc{p}_{v} = {target.MultiplyAdd(target.LookupSingle($"table{input}", index, _numbers), $"x{input}", $"acc{p}_{v}")};");
            });
        }
    }

    /// <summary>The inputs after the last whole chunk: their block is decoded, since activations end where the row does.</summary>
    private void Rest(CodeWriter code, int count)
    {
        string scalarClass = EmittedNames.Class(plan.Spec.Type, "Scalar");
        code.Line($"{scalarClass}.{Buffer} buffer;");
        code.Line("float* tile = (float*)&buffer;");
        code.Line($"long block = inputs / {plan.Grouping.Block};");
        code.Line($"long first = (inputs % {plan.Grouping.Block}) - k;");
        for (int p = 0; p < count; p++)
        {
            code.Line($"DecodeFloat32({Offset("panels", PanelAt(p))}, tensorSide, block, 1, tile, {plan.Panel.Rows});");
            using (code.Block("for (long i = 0; i < k; i++)"))
            {
                code.Line($"{target.Single} xi = {target.BroadcastSingle("a + i")};");
                for (int v = 0; v < _vectors; v++)
                {
                    string weight = target.LoadSingle(Offset("tile", $"((first + i) * {plan.Panel.Rows})", $"{v * target.Lanes}"));
                    code.Line($"acc{p}_{v} = {target.MultiplyAdd(weight, "xi", $"acc{p}_{v}")};");
                }
            }
        }
    }

    private static string PanelAt(int panel) => panel == 0 ? "0" : panel == 1 ? "panelStride" : $"({panel} * panelStride)";

    private void ForEachSum(int count, Action<int, int> write)
    {
        for (int p = 0; p < count; p++)
        {
            for (int v = 0; v < _vectors; v++)
            {
                write(p, v);
            }
        }
    }
}
