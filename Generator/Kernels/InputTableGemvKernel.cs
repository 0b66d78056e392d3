using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>The f32 GEMV of formats with a table per input: a table is loaded once and looked up for the rows of several panels.</summary>
internal sealed class InputTableGemvKernel(FormatPlan plan, Target target) : Float32GemvKernel(plan, target)
{
    /// <summary>The type of the last activations, completed to a chunk.</summary>
    private const string Tail = "TailBuffer";

    /// <summary>Inputs of a chunk of quads.</summary>
    private const int Chunk = 4 * PanelPlan.ChunkQuads;

    private readonly FormatPlan _plan = plan;
    private readonly Target _target = target;
    private readonly int _numbers = plan.Spec.Parameters[plan.Spec.Learned].Count;

    /// <summary>Whether a format can have the kernel: weights are what the tables say, and a packed block is whole chunks of its inputs.</summary>
    public static bool Serves(FormatPlan plan) =>
        plan.Spec is { HasInputTables: true, Parameters.Count: 1 } && plan.Grouping.Block % Chunk == 0 && !PackPanelKernel.HasPaddedQuads(plan);

    /// <summary>Whether a target has it: one that looks up in registers. Where every number is read from memory, decoding a tile reads it once as well.</summary>
    public static bool Serves(FormatPlan plan, Target target) => Serves(plan) && plan.Spec.Parameters[plan.Spec.Learned].Count <= target.SingleTableRegisters;

    /// <summary>The type of the last activations.</summary>
    public static void WriteTail(CodeWriter code)
    {
        code.Doc($"<summary>{Chunk} activations.</summary>");
        code.Line($"[InlineArray({Chunk})]");
        using (code.Block($"internal struct {Tail}"))
        {
            code.Line("private float _first;");
        }
    }

    /// <summary>The lookups of an input take as long as a multiply-add; panels side by side share the loads of its table.</summary>
    protected override int Sums => 2;

    protected override void Declare(CodeWriter code)
    {
        code.Line($"{EmittedNames.Class(_plan.Spec.Type, "Scalar")}.{Tail} tailBuffer;");
        code.Line("float* tail = (float*)&tailBuffer;");
    }

    protected override void Inputs(CodeWriter code, int panels)
    {
        PanelSource[] sources = [.. Enumerable.Range(0, panels).Select(p => new PanelSource(_plan, _target) { Pointer = $"w{p}", Prefix = $"q{p}_" })];
        BeginWeights(code, panels, _plan.Panel.HeaderBytes + _plan.Panel.CodesAt);
        code.Line($"float* tables = (float*)({RowParameters.InputSidePointer(_plan.Spec)});");
        code.Line("float* a = x;");
        using (code.Block($"for (long k = inputs; k > 0; k -= {Chunk})"))
        {
            using (code.Block($"if (k < {Chunk})"))
            {
                code.Line("// The tables of inputs that are not there are zeros, and 0 times -0, which is -0, changes no sum.");
                using (code.Block($"for (int i = 0; i < {Chunk}; i++)"))
                {
                    code.Line("tail[i] = i < k ? a[i] : -0f;");
                }

                code.Line("a = tail;");
            }

            for (int quad = 0; quad < PanelPlan.ChunkQuads; quad++)
            {
                Quad(code, sources, quad);
            }

            Advance(code, panels, sources[0].CodeBytes(PanelPlan.ChunkQuads));
            code.Line($"tables += {Chunk * _numbers};");
            code.Line($"a += {Chunk};");
        }
    }

    private void Quad(CodeWriter code, PanelSource[] sources, int quad)
    {
        string[,] packed = new string[sources.Length, Vectors];
        ForEachSum(sources.Length, (p, v) => packed[p, v] = sources[p].PackedQuad(code, quad, $"{v * _target.Lanes}"));
        for (int i = 0; i < 4; i++)
        {
            int input = (quad * 4) + i;
            code.Line(_target.DeclareSingleTableAt($"table{input}", $"({Offset("tables", $"{input * _numbers}")})", _numbers));
            code.Line($"{_target.Single} x{input} = {_target.BroadcastSingle(Offset("a", $"{input}"))};");
            ForEachSum(sources.Length, (p, v) =>
            {
                string index = $"i{input}_{p}_{v}";
                code.Line($"{_target.Int32} {index} = {_target.ByteOf(packed[p, v], i, _plan.Form.Signed && !_plan.Form.IsLookup)};");
                Add(code, p, v, _target.LookupSingle($"table{input}", index, _numbers), $"x{input}");
            });
        }
    }
}
