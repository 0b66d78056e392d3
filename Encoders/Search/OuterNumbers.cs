using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>
/// Finds a block's number for which its groups' inner numbers lose least: the largest group takes one of the outermost numbers of the list, in turn. All are
/// tried at once, one to a lane.
/// </summary>
internal sealed unsafe class OuterNumbers
{
    private const int Width = GroupLanes.Width;
    private const int LeastCandidates = 3;

    /// <summary>One candidate for so many numbers of the list.</summary>
    private const int NumbersPerCandidate = 4;

    private readonly Vector256<float> _taken;

    /// <summary>Lists the candidates: one step outside the list, and its outermost numbers.</summary>
    /// <param name="levels">A role with two levels.</param>
    public OuterNumbers(ScaleLevels levels)
    {
        float last = Math.Clamp(levels.Inner.Count / NumbersPerCandidate, LeastCandidates, Width - 1) - 1;
        Vector256<float> k = Vector256.Min(Vector256.Create(-1f, 0, 1, 2, 3, 4, 5, 6), Vector256.Create(last));
        _taken = Vector256.Create(levels.Extreme) - (k * MathF.CopySign(levels.Inner.Step, levels.Extreme));
    }

    /// <summary>Tries the candidates.</summary>
    /// <typeparam name="TList">The kind of list.</typeparam>
    /// <param name="list">The inner numbers.</param>
    /// <param name="wanted">Numbers wanted by group.</param>
    /// <param name="curvature">How much the squares of differences count.</param>
    /// <param name="groups">Groups.</param>
    /// <returns>The best number; 0 where all groups want 0.</returns>
    public float Best<TList>(TList list, float* wanted, float* curvature, int groups)
        where TList : struct, ILevelList
    {
        float largest = Largest(wanted, groups);
        if (largest == 0)
        {
            return 0;
        }

        Vector256<float> outer = Vector256.Create(largest) / _taken, inverse = _taken / largest, minus = -outer, error = Vector256<float>.Zero;
        for (int g = 0; g < groups; g++)
        {
            Vector256<float> number = Vector256.Create(wanted[g]);
            Vector256<float> difference = Vector256.FusedMultiplyAdd(minus, list.Number(list.Place(number * inverse)), number);
            error = Vector256.FusedMultiplyAdd(difference * curvature[g], difference, error);
        }

        // The first of equals; an error that is not a number is of no candidate.
        Vector256<float> comparable = Vector256.ConditionalSelect(Vector256.Equals(error, error), error, Vector256.Create(float.PositiveInfinity));
        Vector128<float> least = Vector128.Min(comparable.GetLower(), comparable.GetUpper());
        float smallest = MathF.Min(MathF.Min(least[0], least[1]), MathF.Min(least[2], least[3]));
        uint found = Vector256.Equals(comparable, Vector256.Create(smallest)).ExtractMostSignificantBits();
        return outer.GetElement((int)uint.TrailingZeroCount(found));
    }

    /// <summary>The number of largest magnitude.</summary>
    private static float Largest(float* numbers, int count)
    {
        Vector256<float> low = Vector256<float>.Zero, high = low;
        int i = 0;
        for (; i <= count - Width; i += Width)
        {
            low = Vector256.MinNative(low, Vector256.Load(numbers + i));
            high = Vector256.MaxNative(high, Vector256.Load(numbers + i));
        }

        Vector128<float> four = Vector128.MinNative(low.GetLower(), low.GetUpper()), above = Vector128.MaxNative(high.GetLower(), high.GetUpper());
        float lowest = Math.Min(Math.Min(four[0], four[1]), Math.Min(four[2], four[3])), highest = Math.Max(Math.Max(above[0], above[1]), Math.Max(above[2], above[3]));
        for (; i < count; i++)
        {
            lowest = Math.Min(lowest, numbers[i]);
            highest = Math.Max(highest, numbers[i]);
        }

        return -lowest > highest ? lowest : highest;
    }
}
