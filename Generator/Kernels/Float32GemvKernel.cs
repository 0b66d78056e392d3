using System;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the f32 GEMV that reads packed panels without a tile. An output is one chain of multiply-adds over the inputs, the order
/// of the f32 micro-kernels, so that the bits are theirs; several panels side by side hide its latency.
/// </summary>
internal abstract class Float32GemvKernel(FormatPlan plan, Target target)
{
    /// <summary>Vectors of a panel's rows.</summary>
    protected int Vectors { get; } = Math.Max(1, plan.Panel.Rows / target.Lanes);

    /// <summary>
    /// Rows of activations that are taken one after another, each with a pass over the panels, before a tile is cheaper. Two where weights are loaded and multiplied; one where
    /// they are computed first, which a tile does once for all rows.
    /// </summary>
    public virtual int MostRows => 2;

    /// <summary>The kernel of a format, or none: other formats are multiplied in int8 where one row is to be fast.</summary>
    public static Float32GemvKernel? Of(FormatPlan plan, Target target) =>
        PlainFloatGemvKernel.Serves(plan) ? new PlainFloatGemvKernel(plan, target)
        : InputTableGemvKernel.Serves(plan, target) ? new InputTableGemvKernel(plan, target)
        : DecodedFloatGemvKernel.Serves(plan, target) ? new DecodedFloatGemvKernel(plan, target)
        : null;

    public void Write(CodeWriter code)
    {
        int most = Math.Max(1, Sums / Vectors);
        code.Doc($"""
            <summary>
            y[p * {plan.Panel.Rows} + r] = row r of panel p times one row of f32 activations, the bits of the f32 micro-kernels. Up to {most} panels are walked side by side.
            </summary>
            """);
        using (code.Method("internal static void GemvFloat32(byte* panels, long panelStride, long panelCount, byte* tensorSide, long inputs, float* x, float* y)"))
        {
            EagerOptimization.Write(code, target, "inputs", "x", "float");
            Declare(code);
            foreach (int side in new[] { most, 1 }.Distinct())
            {
                using (code.Block($"for (; panelCount >= {side}; panelCount -= {side}, panels += {side} * panelStride, y += {side * plan.Panel.Rows})"))
                {
                    for (int p = 0; p < side; p++)
                    {
                        code.Line($"byte* panel{p} = {Offset("panels", p == 0 ? "0" : p == 1 ? "panelStride" : $"({p} * panelStride)")};");
                    }

                    ForEachSum(side, (p, v) => code.Line($"{target.Single} acc{p}_{v} = {target.ZeroSingle};"));
                    Inputs(code, side);
                    ForEachSum(side, (p, v) => code.Line(target.StoreSingle(Offset("y", $"{(p * plan.Panel.Rows) + (v * target.Lanes)}"), $"acc{p}_{v}")));
                }
            }
        }
    }

    /// <summary>Scalar class only: the types that the kernels of all targets name.</summary>
    public static void WriteTypes(CodeWriter code, FormatPlan plan)
    {
        if (InputTableGemvKernel.Serves(plan))
        {
            code.Line();
            InputTableGemvKernel.WriteTail(code);
        }
        else if (DecodedFloatGemvKernel.Serves(plan))
        {
            code.Line();
            DecodedFloatGemvKernel.WriteTail(code, plan);
        }
    }

    /// <summary>Vectors of sums at once, where there are as many panels.</summary>
    protected abstract int Sums { get; }

    /// <summary>Declares what all panels use.</summary>
    protected virtual void Declare(CodeWriter code)
    {
    }

    /// <summary>Adds all inputs to the sums <c>accP_V</c>: locals <c>panel0</c> …, <c>tensorSide</c>, <c>inputs</c>, <c>x</c>.</summary>
    protected abstract void Inputs(CodeWriter code, int panels);

    /// <summary>Calls for every vector v of sums of every panel p.</summary>
    protected void ForEachSum(int panels, Action<int, int> write)
    {
        for (int p = 0; p < panels; p++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                write(p, v);
            }
        }
    }

    /// <summary>Adds a weight's product.</summary>
    protected void Add(CodeWriter code, int panel, int vector, string weight, string x) =>
        code.Line($"acc{panel}_{vector} = {target.MultiplyAdd(weight, x, $"acc{panel}_{vector}")};");

    /// <summary>Declares where weights begin in the panels as <c>w0</c> ….</summary>
    protected static void BeginWeights(CodeWriter code, int panels, int first) =>
        ForEachPanel(panels, p => code.Line($"byte* w{p} = {Offset($"panel{p}", $"{first}")};"));

    /// <summary>Moves on to later weights.</summary>
    protected static void Advance(CodeWriter code, int panels, int bytes) => ForEachPanel(panels, p => code.Line($"w{p} += {bytes};"));

    /// <summary>Calls for every panel.</summary>
    protected static void ForEachPanel(int panels, Action<int> write)
    {
        for (int p = 0; p < panels; p++)
        {
            write(p);
        }
    }
}
