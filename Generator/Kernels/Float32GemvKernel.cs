using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the f32 GEMV of plain floats, which reads packed panels without a tile. An output is one chain of multiply-adds over the inputs, the order
/// of the f32 micro-kernels, so that the bits are theirs; several panels side by side hide its latency.
/// </summary>
internal sealed class Float32GemvKernel(FormatPlan plan, Target target)
{
    /// <summary>Vectors of sums at once: a multiply-add takes about four cycles.</summary>
    private const int Chains = 4;

    private const int LineBytes = 64;

    /// <summary>Inputs from one prefetch to the next; one where there are none.</summary>
    private readonly int _step = target.Prefetch("w").Length > 0 ? 4 : 1;

    private readonly int _inputBytes = plan.Panel.Rows * plan.Spec.Codes.Bits / 8;
    private readonly int _vectors = Math.Max(1, plan.Panel.Rows / target.Lanes);

    /// <summary>Whether a format has the kernel: its weights are floats as they are stored. Others are multiplied in int8 where one row is to be fast.</summary>
    public static bool Serves(FormatPlan plan) => plan.IsFloat && plan.Spec.Parameters.Count == 0;

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

    private void Panels(CodeWriter code, int count)
    {
        for (int p = 0; p < count; p++)
        {
            code.Line($"byte* w{p} = {Offset("panels", p == 0 ? "0" : p == 1 ? "panelStride" : $"({p} * panelStride)")};");
        }

        ForEachSum(count, (p, v) => code.Line($"{target.Single} acc{p}_{v} = {target.ZeroSingle};"));
        code.Line("long k = 0;");
        if (_step > 1)
        {
            using (code.Block($"for (; k <= inputs - {_step}; k += {_step})"))
            {
                Prefetch(code, count);
                for (int i = 0; i < _step; i++)
                {
                    Input(code, count, i);
                }

                Advance(code, count, _step);
            }
        }

        using (code.Block("for (; k < inputs; k++)"))
        {
            Input(code, count, 0);
            Advance(code, count, 1);
        }

        ForEachSum(count, (p, v) => code.Line(target.StoreSingle(Offset("y", $"{(p * plan.Panel.Rows) + (v * target.Lanes)}"), $"acc{p}_{v}")));
    }

    private void Input(CodeWriter code, int count, int i)
    {
        var values = new ValueWriter(plan, target);
        string x = $"x{i}";
        code.Line($"{target.Single} {x} = {target.BroadcastSingle(Offset("x", "k", $"{i}"))};");
        ForEachSum(count, (p, v) =>
        {
            string pointer = Offset($"w{p}", $"{(i * _inputBytes) + (v * target.Lanes * plan.Spec.Codes.Bits / 8)}");
            string weight = values.Weight(values.Load(code, pointer, "0"), string.Empty, string.Empty, string.Empty);
            code.Line($"acc{p}_{v} = {target.MultiplyAdd(weight, x, $"acc{p}_{v}")};");
        });
    }

    private void Prefetch(CodeWriter code, int count)
    {
        IEnumerable<int> lines = Enumerable.Range(0, ((_step * _inputBytes) + LineBytes - 1) / LineBytes);
        foreach (string fetch in Enumerable.Range(0, count).SelectMany(p => lines.Select(line => target.Prefetch($"w{p} + {PanelSource.PrefetchBytes + (LineBytes * line)}"))))
        {
            if (fetch.Length > 0)
            {
                code.Line(fetch);
            }
        }
    }

    private void Advance(CodeWriter code, int count, int inputs)
    {
        for (int p = 0; p < count; p++)
        {
            code.Line($"w{p} += {inputs * _inputBytes};");
        }
    }

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
