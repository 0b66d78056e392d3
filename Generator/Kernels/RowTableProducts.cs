using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the integer sums of a segment of weights that every row looks up in a table of its own, for one row of activations: codes are multiplied as vectors of
/// rows, whose lanes hold parts of a row's sum, and only the sums are transposed back. They are the integers that quads would give.
/// </summary>
/// <param name="shape">What is multiplied.</param>
/// <param name="target">Prints the idioms.</param>
/// <param name="source">The panel.</param>
internal sealed class RowTableProducts(TileShape shape, Target target, PanelSource source)
{
    /// <summary>Sets of four quads whose products add up in a partial sum; more than two would keep too many codes in registers.</summary>
    private readonly int _depth = Math.Min(2, Math.Max(1, target.PartialDepth(shape.Largest)));
    private int _names;

    /// <summary>Declares the sums of a segment that is walked in chunks.</summary>
    public void Declare(CodeWriter code, int segment) =>
        ForEachVector(v => code.Line($"{target.Int32} {Sum(segment, v)} = {target.ConstantInt32(0)};"));

    /// <summary>Adds the products of quads, or declares their sums where they are the segment's first.</summary>
    /// <param name="code">The kernel; its local <c>q</c> points to the activations of quad 0.</param>
    /// <param name="segment">The segment in the unit.</param>
    /// <param name="quads">The quads of the activations, a multiple of four.</param>
    /// <param name="weights">The quad of the weights that is the first's.</param>
    /// <param name="isFirst">Whether the segment has no sums yet.</param>
    /// <param name="row">The first row.</param>
    public void Add(CodeWriter code, int segment, (int First, int Count) quads, int weights, bool isFirst, string row)
    {
        for (int done = 0; done < quads.Count; done += Transposition.Quads * _depth)
        {
            int sets = Math.Min(_depth, (quads.Count - done) / Transposition.Quads);
            int first = weights + done;
            bool nibbles = source.TransposesNibbles && first % PanelPlan.ChunkQuads == 0 && sets * Transposition.Quads == PanelPlan.ChunkQuads;
            List<string[]> codes = nibbles ? source.RowNibbles(code, first, row)
                : [.. Enumerable.Range(0, sets).Select(set => source.RowCodes(code, first + (Transposition.Quads * set), row))];
            List<string> activations = [.. Enumerable.Range(0, sets).Select(set =>
                Local(code, target.Bytes, target.LoadRepeated(Offset("q", $"{4 * (quads.First + done + (Transposition.Quads * set))}"))))];
            activations = nibbles && source.StoresNibbles ? EvenAndOdd(code, activations) : activations;
            ForEachVector(v =>
            {
                string high = Products(code, 0, v, codes, activations);
                string low = Products(code, 1, v, codes, activations);
                string wide = target.AddInt32(target.WidenTimes(high, 1 << shape.PlaneShift), target.Widen(low));
                code.Line(isFirst && done == 0 ? $"{target.Int32} {Sum(segment, v)} = {wide};" : $"{Sum(segment, v)} = {target.AddInt32(Sum(segment, v), wide)};");
            });
        }
    }

    /// <summary>Declares the sums of the rows in the order of their lanes.</summary>
    public void Declare(CodeWriter code, int segment, string sum)
    {
        string[] lanes = Transposition.Write(code, target, [.. Enumerable.Range(0, Transposition.Quads).Select(v => Sum(segment, v))], Name);
        code.Line($"{target.Int32} {sum} = {lanes.Select(lane => $"{lane}.AsInt32()").Aggregate(target.AddInt32)};");
    }

    /// <summary>The quads of even and those of odd numbers, of two vectors in order.</summary>
    private List<string> EvenAndOdd(CodeWriter code, List<string> quads)
    {
        for (int turn = 0; turn < 2; turn++)
        {
            quads = [.. Enumerable.Range(0, 2).Select(half => Local(code, target.Bytes, target.InterleaveQuads(quads[0], quads[1], half)))];
        }

        return quads;
    }

    private string Products(CodeWriter code, int plane, int vector, List<string[]> codes, List<string> activations)
    {
        string? sum = null;
        for (int set = 0; set < codes.Count; set++)
        {
            string weights = Local(code, target.Bytes, source.LookupByRow(plane, vector, codes[set][vector]));
            string dot = target.Dot(sum, weights, target.AsActivations(activations[set]), null);
            if (sum is null)
            {
                sum = Local(code, target.Partial, dot);
            }
            else
            {
                code.Line($"{sum} = {dot};");
            }
        }

        return sum!;
    }

    private static string Sum(int segment, int vector) => $"rows{segment}_{vector}";

    private string Local(CodeWriter code, string type, string value)
    {
        string name = Name();
        code.Line($"{type} {name} = {value};");
        return name;
    }

    private string Name() => "r" + _names++;

    private static void ForEachVector(Action<int> write) => Enumerable.Range(0, Transposition.Quads).ToList().ForEach(write);
}
