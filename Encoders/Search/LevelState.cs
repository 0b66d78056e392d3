using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>One role's numbers for every group: what is stored and what it decodes to, in units of the block.</summary>
internal sealed unsafe class LevelState
{
    private const int LeastCandidates = 3;
    private const int MostCandidates = 8;

    private readonly ScaleLevels _levels;
    private readonly float[] _outer;
    private readonly float[] _place;
    private readonly float[] _number;

    /// <summary>Makes room.</summary>
    /// <param name="levels">The role.</param>
    /// <param name="lanes">Groups.</param>
    public LevelState(ScaleLevels levels, int lanes)
    {
        _levels = levels;
        _outer = GC.AllocateArray<float>(lanes, pinned: true);
        _place = GC.AllocateArray<float>(lanes, pinned: true);
        _number = GC.AllocateArray<float>(lanes, pinned: true);
        Steps = levels.Inner.IsContinuous ? 0 : 1;
    }

    /// <summary>How far the search goes along the list of inner numbers, on each side: 0 where it is no list.</summary>
    public int Steps { get; }

    /// <summary>The block's number by group, 1 / unit where there is none.</summary>
    public float[] Outer => _outer;

    /// <summary>The place of the inner number in its list by group; without meaning where it is no list.</summary>
    public float[] Place => _place;

    /// <summary>The decoded number by group.</summary>
    public float[] Number => _number;

    /// <summary>Some groups' decoded numbers, if the inner ones were elsewhere in the list.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="by">How far away; the list's ends hold it back.</param>
    /// <param name="place">The places.</param>
    /// <returns>The numbers.</returns>
    public Vector256<float> Moved(int v, int by, out Vector256<float> place)
    {
        int at = v * GroupLanes.Width;
        place = Vector256.Create(_place, at);
        if (Steps == 0)
        {
            return Vector256.Create(_number, at);
        }

        place = Vector256.MinNative(Vector256.MaxNative(place + Vector256.Create((float)by), Vector256<float>.Zero), Vector256.Create(_levels.Inner.Count - 1f));
        return Vector256.Create(_outer, at) * Inner(place);
    }

    /// <summary>The inner numbers' places nearest to what decodes to given numbers.</summary>
    /// <param name="numbers">Decoded numbers.</param>
    /// <param name="outer">The blocks' numbers.</param>
    /// <returns>Places.</returns>
    public Vector256<float> PlaceOf(Vector256<float> numbers, Vector256<float> outer)
    {
        StoredParameter inner = _levels.Inner;
        Vector256<float> t = Vector256.ConditionalSelect(Vector256.Equals(outer, Vector256<float>.Zero), Vector256<float>.Zero, numbers / outer);
        if (inner.IsEven)
        {
            t = (t - Vector256.Create(inner.First)) * (1 / inner.Step);
            return Vector256.Round(Vector256.MinNative(Vector256.MaxNative(t, Vector256<float>.Zero), Vector256.Create(inner.Count - 1f)));
        }

        float* lanes = stackalloc float[GroupLanes.Width];
        t.Store(lanes);
        for (int l = 0; l < GroupLanes.Width; l++)
        {
            lanes[l] = inner.Place(lanes[l]);
        }

        return Vector256.Load(lanes);
    }

    /// <summary>The inner numbers at some places.</summary>
    /// <param name="place">The places.</param>
    /// <returns>The numbers.</returns>
    public Vector256<float> Inner(Vector256<float> place)
    {
        StoredParameter inner = _levels.Inner;
        if (inner.IsEven)
        {
            return (place * inner.Step) + Vector256.Create(inner.First);
        }

        float* lanes = stackalloc float[GroupLanes.Width];
        place.Store(lanes);
        for (int l = 0; l < GroupLanes.Width; l++)
        {
            lanes[l] = inner.NumberAt((int)lanes[l]);
        }

        return Vector256.Load(lanes);
    }

    /// <summary>Sets some groups' numbers.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="place">The places of the inner numbers.</param>
    /// <param name="number">The decoded numbers.</param>
    public void Set(int v, Vector256<float> place, Vector256<float> number)
    {
        place.CopyTo(_place, v * GroupLanes.Width);
        number.CopyTo(_number, v * GroupLanes.Width);
    }

    /// <summary>Takes groups from another state of the same role.</summary>
    /// <param name="other">The state.</param>
    /// <param name="first">The first group.</param>
    /// <param name="count">The number of groups.</param>
    public void Take(LevelState other, int first, int count)
    {
        Array.Copy(other._outer, first, _outer, first, count);
        Array.Copy(other._place, first, _place, first, count);
        Array.Copy(other._number, first, _number, first, count);
    }

    /// <summary>Chooses the number of every block for given numbers of its groups, and the groups' places with it.</summary>
    /// <param name="wanted">Numbers wanted by group.</param>
    /// <param name="curvature">How much the squares of differences count.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="units">The blocks' units.</param>
    public void Choose(float[] wanted, float[] curvature, int blocks, float[] units)
    {
        int groups = _outer.Length / blocks;
        for (int b = 0; b < blocks; b++)
        {
            float outer = _levels.Outer is { } stored ? BestOuter(wanted.AsSpan(b * groups, groups), curvature.AsSpan(b * groups, groups), stored, units[b]) : 1 / units[b];
            Array.Fill(_outer, outer, b * groups, groups);
        }

        Round(wanted, blocks, units);
    }

    /// <summary>Rounds wanted numbers to what groups can hold, the blocks' numbers as they are.</summary>
    /// <param name="wanted">Numbers wanted by group.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="units">The blocks' units.</param>
    public void Round(float[] wanted, int blocks, float[] units)
    {
        if (_levels.Inner.IsContinuous)
        {
            int groups = _outer.Length / blocks;
            for (int i = 0; i < wanted.Length; i++)
            {
                _levels.Inner.Nearest(wanted[i] * units[i / groups], out float decoded);
                _number[i] = decoded / units[i / groups];
            }

            return;
        }

        for (int v = 0; v < _outer.Length / GroupLanes.Width; v++)
        {
            Vector256<float> outer = Vector256.Create(_outer, v * GroupLanes.Width);
            Vector256<float> place = PlaceOf(Vector256.Create(wanted, v * GroupLanes.Width), outer);
            Set(v, place, outer * Inner(place));
        }
    }

    /// <summary>Gives a block another number, in units of the block, as its type rounds it.</summary>
    /// <param name="number">The number.</param>
    /// <param name="block">The block.</param>
    /// <param name="groups">Groups of a block.</param>
    /// <param name="unit">The block's unit.</param>
    public void SetOuter(float number, int block, int groups, float unit)
    {
        _levels.Outer!.Nearest(number * unit, out float decoded);
        Array.Fill(_outer, decoded / unit, block * groups, groups);
    }

    /// <summary>Writes a block's entries.</summary>
    /// <param name="entries">The array of pack and unpack.</param>
    /// <param name="block">The block.</param>
    /// <param name="groups">Groups of a block.</param>
    /// <param name="unit">The block's unit.</param>
    public void Write(uint* entries, int block, int groups, float unit)
    {
        if (_levels.Outer is { } outer)
        {
            entries[outer.Offset] = outer.Nearest(_outer[block * groups] * unit, out _);
        }

        for (int g = 0; g < groups; g++)
        {
            int lane = (block * groups) + g;
            entries[_levels.Inner.Offset + g] = _levels.Inner.IsContinuous
                ? _levels.Inner.Nearest(_number[lane] * unit, out _)
                : _levels.Inner.StoredAt((int)_place[lane]);
        }
    }

    /// <summary>
    /// A block's number for which the groups' inner numbers lose least: the largest group takes one of the outermost numbers of the list, in turn.
    /// </summary>
    private float BestOuter(ReadOnlySpan<float> wanted, ReadOnlySpan<float> curvature, StoredParameter stored, float unit)
    {
        float largest = 0;
        foreach (float number in wanted)
        {
            largest = Math.Abs(number) > Math.Abs(largest) ? number : largest;
        }

        if (largest == 0)
        {
            return 0;
        }

        int padded = (wanted.Length + GroupLanes.Width - 1) / GroupLanes.Width * GroupLanes.Width;
        Span<float> numbers = stackalloc float[padded], counts = stackalloc float[padded];
        numbers.Clear();
        counts.Clear();
        wanted.CopyTo(numbers);
        curvature.CopyTo(counts);
        StoredParameter inner = _levels.Inner;
        float extreme = _levels.Extreme, step = MathF.CopySign(inner.Step, extreme), best = 0, least = float.PositiveInfinity;
        int candidates = Math.Clamp(inner.Count / 4, LeastCandidates, MostCandidates);
        for (int k = -1; k < candidates; k++)
        {
            float outer = largest / (extreme - (k * step));
            Vector256<float> d = Vector256.Create(outer), error = Vector256<float>.Zero;
            for (int g = 0; g < padded; g += GroupLanes.Width)
            {
                Vector256<float> number = Vector256.Create<float>(numbers[g..]);
                Vector256<float> difference = number - (d * Inner(PlaceOf(number, d)));
                error = Vector256.FusedMultiplyAdd(Vector256.Create<float>(counts[g..]) * difference, difference, error);
            }

            float sum = error[0] + error[1] + error[2] + error[3] + error[4] + error[5] + error[6] + error[7];
            if (sum < least)
            {
                (least, best) = (sum, outer);
            }
        }

        stored.Nearest(best * unit, out float decoded);
        return decoded / unit;
    }
}
