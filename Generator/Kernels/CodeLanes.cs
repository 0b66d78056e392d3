using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes how the codes of a block become lanes of 32 bits straight from the block, without bytes in a buffer between: a shuffle brings the bytes that hold
/// a code to the top of its lane, and a shift by the lane's own count the code to the highest bits. What is below is whatever stands beside the code.
/// </summary>
/// <remarks>
/// For codes that straddle bytes, whose bytes would be shuffled, multiplied, shifted, narrowed, stored and widened again. Blocks are short enough for
/// their vectors to be written one after another, each with the bytes it takes: none outside the block is read.
/// </remarks>
internal sealed class CodeLanes
{
    private readonly FormatSpec _spec;
    private readonly Target _target;
    private readonly BlockWindow _window;

    private CodeLanes(FormatSpec spec, Target target)
    {
        _spec = spec;
        _target = target;
        _window = new BlockWindow(spec.Block.Bytes, "narrow");
    }

    /// <summary>The lanes of a format's codes on a target, or null where the codes are taken from bytes in a buffer.</summary>
    /// <param name="spec">The format.</param>
    /// <param name="target">Prints the idioms.</param>
    /// <param name="mostVectors">Vectors that are written one after another at most.</param>
    public static CodeLanes? Of(FormatSpec spec, Target target, int mostVectors)
    {
        bool fits = target.HasRowVectors && target.ShiftsLanes
            && spec.StoresCodes && spec.Codes.Float is null && !spec.HasInputTables
            && spec.Codes.Bits <= 8
            && spec.Block.Bytes >= BlockWindow.Least
            && spec.Block.Inputs % target.Lanes == 0 && spec.Block.Inputs / target.Lanes <= mostVectors
            && new RowParameters(spec).Group == spec.Block.Inputs;
        if (!fits)
        {
            return null;
        }

        List<SliceSpec> slices = [.. spec.Slices.Where(static s => s.Quantity == SliceSpec.CodesQuantity)];
        bool isWhole = slices.All(s => s.FromBit == 0 && s.Bits == spec.Codes.Bits);
        var lanes = new CodeLanes(spec, target);
        return isWhole
            && Enumerable.Range(0, spec.Block.Inputs).Any(e => Straddles(lanes.BitOf(e), spec.Codes.Bits))
            && Enumerable.Range(0, spec.Block.Inputs / target.Lanes).All(v => lanes.Place(v * target.Lanes) is not null)
            ? lanes
            : null;
    }

    /// <summary>Declares what the lanes are taken from, where a block is short; it is at <c>block</c>.</summary>
    public void Declare(CodeWriter code)
    {
        if (_window.Declaration is { } declaration)
        {
            code.Line(declaration);
            code.Line($"{_target.Bytes} repeated = {_target.Repeat(_window.Name)};");
        }
    }

    /// <summary>The codes of as many inputs as there are lanes from <paramref name="first"/> on, in the highest bits of their lanes.</summary>
    public string OnTop(int first)
    {
        BlockWindow.Place place = Place(first)!;
        var indices = new List<int>();
        var shifts = new List<int>();
        foreach (int bit in Enumerable.Range(first, _target.Lanes).Select(BitOf))
        {
            int at = place.IndexOf(bit / 8);
            int end = (bit % 8) + _spec.Codes.Bits;
            indices.AddRange(end > 8 ? [BlockWindow.Zero, BlockWindow.Zero, at, place.IndexOf((bit / 8) + 1)] : [BlockWindow.Zero, BlockWindow.Zero, BlockWindow.Zero, at]);
            shifts.Add((end > 8 ? 16 : 8) - end);
        }

        string bytes = _spec.Block.Bytes < BlockWindow.Size ? "repeated" : _target.LoadRepeated($"block + {place.First}");
        return _target.ShiftedLanes(bytes, indices, shifts);
    }

    private static bool Straddles(int bit, int bits) => (bit % 8) + bits > 8;

    private int BitOf(int input) => _spec.Slices.First(s => s.Quantity == SliceSpec.CodesQuantity && input >= s.First && input < s.First + s.Count).BitOf(input);

    private BlockWindow.Place? Place(int first)
    {
        int[] bits = [.. Enumerable.Range(first, _target.Lanes).Select(BitOf)];
        return _window.At(bits.Min() / 8, (bits.Max() + _spec.Codes.Bits - 1) / 8);
    }
}
