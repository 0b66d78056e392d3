using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>The f32 GEMV of plain floats: panels hold them as they are stored, input after input.</summary>
internal sealed class PlainFloatGemvKernel(FormatPlan plan, Target target) : Float32GemvKernel(plan, target)
{
    private const int LineBytes = 64;

    private readonly FormatPlan _plan = plan;
    private readonly Target _target = target;

    /// <summary>Inputs from one prefetch to the next; one where there are none.</summary>
    private readonly int _step = target.Prefetch("w").Length > 0 ? 4 : 1;

    private readonly int _inputBytes = plan.Panel.Rows * plan.Spec.Codes.Bits / 8;

    /// <summary>Whether a format has the kernel: its weights are floats as they are stored.</summary>
    public static bool Serves(FormatPlan plan) => plan.IsFloat && plan.Spec.Parameters.Count == 0;

    /// <summary>A multiply-add takes about four cycles, and little comes between two.</summary>
    protected override int Sums => 4;

    protected override void Inputs(CodeWriter code, int panels)
    {
        BeginWeights(code, panels, 0);
        code.Line("long k = 0;");
        if (_step > 1)
        {
            using (code.Block($"for (; k <= inputs - {_step}; k += {_step})"))
            {
                Prefetch(code, panels);
                for (int i = 0; i < _step; i++)
                {
                    Input(code, panels, i);
                }

                Advance(code, panels, _step * _inputBytes);
            }
        }

        using (code.Block("for (; k < inputs; k++)"))
        {
            Input(code, panels, 0);
            Advance(code, panels, _inputBytes);
        }
    }

    private void Input(CodeWriter code, int panels, int i)
    {
        var values = new ValueWriter(_plan, _target);
        string x = $"x{i}";
        code.Line($"{_target.Single} {x} = {_target.BroadcastSingle(Offset("x", "k", $"{i}"))};");
        ForEachSum(panels, (p, v) =>
        {
            string pointer = Offset($"w{p}", $"{(i * _inputBytes) + (v * _target.Lanes * _plan.Spec.Codes.Bits / 8)}");
            Add(code, p, v, values.Weight(values.Load(code, pointer, "0"), string.Empty, string.Empty, string.Empty), x);
        });
    }

    private void Prefetch(CodeWriter code, int panels)
    {
        IEnumerable<int> lines = Enumerable.Range(0, ((_step * _inputBytes) + LineBytes - 1) / LineBytes);
        foreach (string fetch in Enumerable.Range(0, panels).SelectMany(p => lines.Select(line => _target.Prefetch($"w{p} + {PanelSource.PrefetchBytes + (LineBytes * line)}"))))
        {
            if (fetch.Length > 0)
            {
                code.Line(fetch);
            }
        }
    }
}
