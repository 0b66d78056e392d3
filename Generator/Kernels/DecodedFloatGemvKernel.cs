using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// The f32 GEMV of codes that no int8 kernel multiplies, and of those that index a table stored with the matrix, which int8 kernels approximate: weights are decoded in registers and
/// multiplied there.
/// </summary>
internal sealed class DecodedFloatGemvKernel(FormatPlan plan, Target target) : Float32GemvKernel(plan, target)
{
    /// <summary>The type of a decoded block of a panel.</summary>
    private const string Tail = "TailBlock";

    /// <summary>Most inputs of a block, of which one is decoded on the stack; longer ones are decoded into a tile like those of many rows.</summary>
    private const int LongestBlock = 512;

    private static readonly int s_tallestPanel = TargetCatalogue.All.Max(static target => target.PanelRows);

    private readonly FormatPlan _plan = plan;
    private readonly Target _target = target;

    public override int MostRows => 1;

    /// <summary>Whether a format can have the kernel.</summary>
    public static bool Serves(FormatPlan plan) =>
        (!plan.HasInt8 || plan.Form.StoredNumbers > 0) && !plan.IsFloat && !plan.Spec.HasInputTables && plan.Grouping.Block <= LongestBlock && !PackPanelKernel.HasPaddedQuads(plan);

    /// <summary>Whether a target has it. Lane by lane, a tile takes no longer.</summary>
    public static bool Serves(FormatPlan plan, Target target) => Serves(plan) && target.DecodesInRegisters;

    /// <summary>The type of a decoded block, of the tallest panels.</summary>
    public static void WriteTail(CodeWriter code, FormatPlan plan)
    {
        code.Doc($"<summary>{plan.Grouping.Block} inputs of up to {s_tallestPanel} rows, decoded.</summary>");
        code.Line($"[InlineArray({plan.Grouping.Block * s_tallestPanel})]");
        using (code.Block($"internal struct {Tail}"))
        {
            code.Line("private float _first;");
        }
    }

    /// <summary>Decoding takes about as long as a multiply-add does to end; a second vector covers it.</summary>
    protected override int Sums => 2;

    /// <summary>Quads whose code planes fill whole vectors; two at least, to loop less.</summary>
    private int Run => _plan.Panel.PlaneBits.Count == 1 ? System.Math.Max(2, 8 / _plan.Panel.PlaneBits[0]) : PanelPlan.ChunkQuads;

    protected override void Declare(CodeWriter code)
    {
        code.Line($"{EmittedNames.Class(_plan.Spec.Type, "Scalar")}.{Tail} tailBlock;");
        code.Line("float* tail = (float*)&tailBlock;");
        new ValueWriter(_plan, _target).DeclareCommonTables(code);
    }

    protected override void Inputs(CodeWriter code, int panels)
    {
        List<PanelWeights> vectors = [];
        ForEachSum(panels, (p, v) => vectors.Add(new PanelWeights(_plan, _target, Vectors == 1 ? $"{p}" : $"{p}_{v}", $"{p}") { Row = $"{v * _target.Lanes}" }));
        vectors.ForEach(vector => vector.BeginPanel(code, "0"));
        ForEachPanel(panels, p => code.Line($"byte* block{p} = {Offset($"panel{p}", $"{_plan.Panel.HeaderBytes}")};"));
        code.Line("float* a = x;");
        code.Line("long k = inputs;");
        using (code.Block($"for (; k >= {_plan.Grouping.Block}; k -= {_plan.Grouping.Block})"))
        {
            ForEachPanel(panels, p => PanelSource.Prefetch(code, _target, $"block{p}", _plan.Panel.CodesAt));
            vectors.ForEach(vector => vector.BeginBlock(code));
            ForEachPanel(panels, p => code.Line($"byte* w{p} = {Offset($"block{p}", $"{_plan.Panel.CodesAt}")};"));
            BlockWeights.Write(
                code,
                _plan,
                Run,
                vectors,
                (input, weights) =>
                {
                    code.Line($"{_target.Single} x{input} = {_target.BroadcastSingle(Offset("a", $"{input}"))};");
                    ForEachSum(panels, (p, v) => Add(code, p, v, weights[(p * Vectors) + v], $"x{input}"));
                },
                inputs =>
                {
                    ForEachPanel(panels, p => PanelSource.Prefetch(code, _target, $"w{p}", vectors[0].CodeBytes(inputs / 4)));
                    code.Line($"a += {inputs};");
                });
            ForEachPanel(panels, p => code.Line($"block{p} += {_plan.Panel.BlockBytes};"));
        }

        using (code.Block("if (k > 0)"))
        {
            code.Line("// What stands behind the last input may be no number: the last block is decoded and taken input by input.");
            ForEachPanel(panels, p =>
            {
                code.Line($"DecodeFloat32(panel{p}, tensorSide, inputs / {_plan.Grouping.Block}, 1, tail, {_plan.Panel.Rows});");
                using (code.Block("for (long i = 0; i < k; i++)"))
                {
                    code.Line($"{_target.Single} xi = {_target.BroadcastSingle(Offset("a", "i"))};");
                    for (int v = 0; v < Vectors; v++)
                    {
                        Add(code, p, v, _target.LoadSingle(Offset("tail", $"(i * {_plan.Panel.Rows})", $"{v * _target.Lanes}")), "xi");
                    }
                }
            });
        }
    }
}
