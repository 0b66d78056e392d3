using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>Finds nearest numbers of a lattice, eight at a time.</summary>
internal interface INearestNumber
{
    /// <summary>The numbers nearest to products.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="a">Finite numbers.</param>
    /// <returns>Numbers of the lattice.</returns>
    Vector256<float> Nearest(Vector256<float> x, Vector256<float> a);

    /// <summary>The numbers nearest to products, where those are less than half a step below the lowest number.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="a">Finite numbers.</param>
    /// <returns>Numbers of the lattice.</returns>
    Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a);

    /// <summary>The numbers nearest to x · a + b, where that is less than half a step below the lowest number.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="a">Finite numbers.</param>
    /// <param name="b">Finite numbers.</param>
    /// <returns>Numbers of the lattice.</returns>
    Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a, Vector256<float> b);

    /// <summary>The numbers nearest to x · a + b, where that is less than half a step outside the lattice.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="a">Finite numbers.</param>
    /// <param name="b">Finite numbers.</param>
    /// <returns>Numbers of the lattice.</returns>
    Vector256<float> NearestInside(Vector256<float> x, Vector256<float> a, Vector256<float> b);

    /// <summary>The places of the numbers nearest to products.</summary>
    /// <param name="x">Finite numbers.</param>
    /// <param name="a">Finite numbers.</param>
    /// <returns>Places, from 0.</returns>
    Vector256<int> Place(Vector256<float> x, Vector256<float> a);
}

/// <summary>Consecutive integers. Products are rounded by adding what leaves no bits for a fraction, which a fused multiply-add does on its way.</summary>
/// <param name="lattice">The lattice.</param>
internal readonly struct UnitSteps(CodeLattice lattice) : INearestNumber
{
    /// <summary>1.5 · 2²³: a sum near it has a step of 1.</summary>
    private const float Rounder = 12582912;

    private readonly Vector256<float> _first = Vector256.Create(lattice.Numbers[0]);
    private readonly Vector256<float> _last = Vector256.Create(lattice.Numbers[^1]);
    private readonly Vector256<float> _rounder = Vector256.Create(Rounder);
    private readonly Vector256<float> _roundedFirst = Vector256.Create(Rounder + lattice.Numbers[0]);
    private readonly Vector256<float> _roundedLast = Vector256.Create(Rounder + lattice.Numbers[^1]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Nearest(Vector256<float> x, Vector256<float> a) =>
        Vector256.MinNative(Vector256.MaxNative(Vector256.FusedMultiplyAdd(x, a, _rounder), _roundedFirst), _roundedLast) - _rounder;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a) =>
        Vector256.MinNative(Vector256.FusedMultiplyAdd(x, a, _rounder), _roundedLast) - _rounder;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a, Vector256<float> b) =>
        Vector256.Round(Vector256.MinNative(Vector256.FusedMultiplyAdd(x, a, b), _last));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestInside(Vector256<float> x, Vector256<float> a, Vector256<float> b) => Vector256.Round(Vector256.FusedMultiplyAdd(x, a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Place(Vector256<float> x, Vector256<float> a)
    {
        // The bits of the sum are whole numbers themselves.
        Vector256<float> rounded = Vector256.MinNative(Vector256.MaxNative(Vector256.FusedMultiplyAdd(x, a, _rounder), _roundedFirst), _roundedLast);
        return rounded.AsInt32() - _roundedFirst.AsInt32();
    }
}

/// <summary>Up to 16 numbers anywhere: a binary search among the middles between neighbours, whose tables are registers.</summary>
internal readonly struct SmallTable : INearestNumber
{
    private readonly Vector256<float> _third;
    private readonly Vector256<float> _fourth;
    private readonly Vector256<float> _even;
    private readonly Vector256<float> _odd;
    private readonly Vector256<float> _middle;
    private readonly Vector256<float> _lower;
    private readonly Vector256<float> _upper;

    /// <summary>Makes the tables.</summary>
    /// <param name="lattice">The lattice.</param>
    public SmallTable(CodeLattice lattice)
    {
        // Middle i lies between numbers i and i + 1; those past the end are never exceeded.
        float[] numbers = lattice.Numbers;
        float[] middles = [.. Enumerable.Range(0, 15).Select(i => i + 1 < numbers.Length ? (numbers[i] / 2) + (numbers[i + 1] / 2) : float.PositiveInfinity)];
        float[] filled = [.. Enumerable.Range(0, 16).Select(i => numbers[Math.Min(i, numbers.Length - 1)])];
        _middle = Vector256.Create(middles[7]);
        _lower = Vector256.Create(middles[3]);
        _upper = Vector256.Create(middles[11]);
        _third = Vector256.Create(middles[1], middles[5], middles[9], middles[13], 0, 0, 0, 0);
        _fourth = Vector256.Create([.. Enumerable.Range(0, 8).Select(i => middles[2 * i])]);
        _even = Vector256.Create([.. Enumerable.Range(0, 8).Select(i => filled[2 * i])]);
        _odd = Vector256.Create([.. Enumerable.Range(0, 8).Select(i => filled[(2 * i) + 1])]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Nearest(Vector256<float> x, Vector256<float> a) => Nearest(x * a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a) => Nearest(x * a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestAbove(Vector256<float> x, Vector256<float> a, Vector256<float> b) => Nearest(Vector256.FusedMultiplyAdd(x, a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> NearestInside(Vector256<float> x, Vector256<float> a, Vector256<float> b) => Nearest(Vector256.FusedMultiplyAdd(x, a, b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Place(Vector256<float> x, Vector256<float> a)
    {
        Vector256<float> t = x * a;
        Vector256<int> pair = Pair(t);
        Vector256<int> above = Vector256.GreaterThan(t, Vector256.ShuffleNative(_fourth, pair)).AsInt32();
        return pair + pair - above;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Nearest(Vector256<float> t)
    {
        Vector256<int> pair = Pair(t);
        Vector256<float> above = Vector256.GreaterThan(t, Vector256.ShuffleNative(_fourth, pair));
        return Vector256.ConditionalSelect(above, Vector256.ShuffleNative(_odd, pair), Vector256.ShuffleNative(_even, pair));
    }

    /// <summary>Half the place: three steps of the search. A comparison that holds is -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<int> Pair(Vector256<float> t)
    {
        Vector256<float> first = Vector256.GreaterThan(t, _middle);
        Vector256<int> place = -first.AsInt32();
        Vector256<int> second = Vector256.GreaterThan(t, Vector256.ConditionalSelect(first, _upper, _lower)).AsInt32();
        place = place + place - second;
        Vector256<int> third = Vector256.GreaterThan(t, Vector256.ShuffleNative(_third, place)).AsInt32();
        return place + place - third;
    }
}
