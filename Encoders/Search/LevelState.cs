using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>One role's numbers for every group: what is stored and what it decodes to, in units of the block.</summary>
internal sealed unsafe class LevelState
{
    private const int Width = GroupLanes.Width;

    /// <summary>Arrays in <see cref="_memory"/>.</summary>
    private const int Arrays = 3;

    private readonly ScaleLevels _levels;
    private readonly OuterNumbers? _outers;
    private readonly EvenList _even;
    private readonly AnyList _any;
    private readonly bool _isEven;
    private readonly float _last;
    private readonly float[] _memory;
    private readonly int _lanes;

    /// <summary>Makes room.</summary>
    /// <param name="levels">The role.</param>
    /// <param name="lanes">Groups.</param>
    public LevelState(ScaleLevels levels, int lanes)
    {
        _levels = levels;
        _outers = levels.Outer is null ? null : new OuterNumbers(levels);
        if (!levels.Inner.IsContinuous)
        {
            _last = levels.Inner.Count - 1;
            _isEven = levels.Inner.IsEven;
            _even = new EvenList(levels.Inner);
        }

        _any = new AnyList(levels.Inner);
        _lanes = lanes;
        _memory = GC.AllocateArray<float>(Arrays * lanes, pinned: true);
        Outer = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        Place = Outer + lanes;
        Number = Place + lanes;
        Steps = levels.Inner.IsContinuous ? 0 : 1;
    }

    /// <summary>How far the search goes along the list of inner numbers, on each side: 0 where it is no list.</summary>
    public int Steps { get; }

    /// <summary>Whether groups hold any number, rounded, rather than one of a list.</summary>
    public bool IsContinuous => Steps == 0;

    /// <summary>Whether groups of a block share a number.</summary>
    public bool IsShared => _levels.Outer is not null;

    /// <summary>Whether all groups of a block have the sign that the block's number says.</summary>
    public bool IsOneSided => _levels.IsOneSided;

    /// <summary>The block's number by group, 1 / unit where there is none.</summary>
    public float* Outer { get; }

    /// <summary>The place of the inner number in its list by group; without meaning where it is no list.</summary>
    public float* Place { get; }

    /// <summary>The decoded number by group.</summary>
    public float* Number { get; }

    /// <summary>Some groups' decoded numbers, if the inner ones were elsewhere in the list.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="by">How far away; the list's ends hold it back.</param>
    /// <param name="place">The places.</param>
    /// <returns>The numbers.</returns>
    public Vector256<float> Moved(int v, int by, out Vector256<float> place)
    {
        int at = v * Width;
        place = Vector256.Load(Place + at);
        if (IsContinuous)
        {
            return Vector256.Load(Number + at);
        }

        place = Vector256.MinNative(Vector256.MaxNative(place + Vector256.Create((float)by), Vector256<float>.Zero), Vector256.Create(_last));
        return Vector256.Load(Outer + at) * (_isEven ? _even.Number(place) : _any.Number(place));
    }

    /// <summary>Sets some groups' numbers.</summary>
    /// <param name="v">The vector of groups.</param>
    /// <param name="place">The places of the inner numbers.</param>
    /// <param name="number">The decoded numbers.</param>
    public void Set(int v, Vector256<float> place, Vector256<float> number)
    {
        place.Store(Place + (v * Width));
        number.Store(Number + (v * Width));
    }

    /// <summary>Takes groups from another state of the same role.</summary>
    /// <param name="other">The state.</param>
    /// <param name="first">The first group.</param>
    /// <param name="count">The number of groups.</param>
    public void Take(LevelState other, int first, int count)
    {
        for (int array = 0; array < Arrays; array++)
        {
            Array.Copy(other._memory, (array * _lanes) + first, _memory, (array * _lanes) + first, count);
        }
    }

    /// <summary>Chooses the number of every block for given numbers of its groups, and the groups' places with it.</summary>
    /// <param name="wanted">Numbers wanted by group.</param>
    /// <param name="curvature">How much the squares of differences count.</param>
    /// <param name="units">The blocks' units.</param>
    public void Choose(float* wanted, float* curvature, float[] units)
    {
        int groups = _lanes / units.Length;
        for (int b = 0; b < units.Length; b++)
        {
            float outer = _outers is null ? 1 / units[b] : BestOuter(wanted + (b * groups), curvature + (b * groups), groups, units[b]);
            new Span<float>(Outer + (b * groups), groups).Fill(outer);
        }

        Round(wanted, units);
    }

    /// <summary>Rounds wanted numbers to what groups can hold, the blocks' numbers as they are.</summary>
    /// <param name="wanted">Numbers wanted by group.</param>
    /// <param name="units">The blocks' units.</param>
    public void Round(float* wanted, float[] units)
    {
        if (IsContinuous)
        {
            int groups = _lanes / units.Length;
            for (int i = 0; i < _lanes; i++)
            {
                _levels.Inner.Nearest(wanted[i] * units[i / groups], out float decoded);
                Number[i] = decoded / units[i / groups];
            }

            return;
        }

        if (_isEven)
        {
            Round(_even, wanted);
        }
        else
        {
            Round(_any, wanted);
        }
    }

    /// <summary>Gives a block another number, in units of the block, as its type rounds it; the groups' decoded numbers are made by <see cref="Moved"/>.</summary>
    /// <param name="number">The number.</param>
    /// <param name="block">The block.</param>
    /// <param name="groups">Groups of a block.</param>
    /// <param name="unit">The block's unit.</param>
    public void SetOuter(float number, int block, int groups, float unit)
    {
        _levels.Outer!.Nearest(number * unit, out float decoded);
        new Span<float>(Outer + (block * groups), groups).Fill(decoded / unit);
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
            entries[outer.Offset] = outer.Nearest(Outer[block * groups] * unit, out _);
        }

        StoredParameter inner = _levels.Inner;
        uint* to = entries + inner.Offset;
        for (int g = 0, lane = block * groups; g < groups; g++, lane++)
        {
            to[g] = IsContinuous ? inner.Nearest(Number[lane] * unit, out _) : inner.StoredAt((int)Place[lane]);
        }
    }

    private float BestOuter(float* wanted, float* curvature, int groups, float unit)
    {
        float best = _isEven ? _outers!.Best(_even, wanted, curvature, groups) : _outers!.Best(_any, wanted, curvature, groups);
        _levels.Outer!.Nearest(best * unit, out float decoded);
        return decoded / unit;
    }

    private void Round<TList>(TList list, float* wanted)
        where TList : struct, ILevelList
    {
        for (int i = 0; i < _lanes; i += Width)
        {
            Vector256<float> outer = Vector256.Load(Outer + i), place = list.Place(Vector256.Load(wanted + i) * LaneInverse.Of(outer));
            place.Store(Place + i);
            (outer * list.Number(place)).Store(Number + i);
        }
    }
}
