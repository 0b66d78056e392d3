using System;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the float step of a segment, the same for every way its integer sum was found: the activations' sums are added, then
/// acc += sum * (scale * d), and + min * (d * Σq).
/// </summary>
internal static class SegmentStep
{
    /// <summary>Writes the step.</summary>
    /// <param name="code">The kernel; its local <c>d</c> points to what follows the quads of the activation group.</param>
    /// <param name="shape">What is applied.</param>
    /// <param name="target">Prints the idioms.</param>
    /// <param name="rows">Rows of activations.</param>
    /// <param name="parameters">Names of the segment's scale, zero point and minimum.</param>
    /// <param name="inGroup">The segment's index in its group.</param>
    /// <param name="sum">The local with the sum of a row of activations, changed.</param>
    /// <param name="acc">The local that is added to.</param>
    /// <param name="hasOffsets">Whether the sums are of what weights mean, their offsets included, so that no sum of activations corrects them.</param>
    public static void Write(
        CodeWriter code,
        TileShape shape,
        Target target,
        int rows,
        (string Scale, string Zero, string Min) parameters,
        string inGroup,
        Func<int, string> sum,
        Func<int, string> acc,
        bool hasOffsets = false)
    {
        int at = rows;
        if (shape.HasOffsetSums)
        {
            AddSums(used: !shape.Rebased && !hasOffsets);
        }

        if (shape.HasRebasedSums)
        {
            AddSums(used: shape.Rebased && !hasOffsets);
        }

        void AddSums(bool used)
        {
            int sums = at;
            if (used)
            {
                ForEachRow(m => code.Line($"{sum(m)} = {target.AddInt32(sum(m), target.BroadcastInt32(SumAt(sums, m)))};"));
            }

            at += shape.SegmentsPerGroup * rows;
        }

        if (shape.HasZero)
        {
            int sums = at;
            ForEachRow(m => code.Line($"{sum(m)} = {target.SubtractInt32(sum(m), target.MultiplyInt32(parameters.Zero, target.BroadcastInt32(SumAt(sums, m))))};"));
            at += shape.SegmentsPerGroup * rows;
        }

        ForEachRow(m => code.Line($"{acc(m)} = {target.MultiplyAdd(target.ToSingle(sum(m)), target.Multiply(parameters.Scale, target.BroadcastSingle(Offset("d", $"{4 * m}"))), acc(m))};"));
        if (shape.HasMin)
        {
            ForEachRow(m => code.Line($"{acc(m)} = {target.MultiplyAdd(parameters.Min, target.BroadcastSingle(SumAt(at, m)), acc(m))};"));
        }

        string SumAt(int words, int m) => Offset("d", $"{4 * words}", Times(inGroup, 4 * rows), $"{4 * m}");

        void ForEachRow(Action<int> write) => Enumerable.Range(0, rows).ToList().ForEach(write);
    }
}
