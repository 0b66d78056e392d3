using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>The numbers that single codes stand for, upward, and the code of each.</summary>
internal sealed class CodeLattice
{
    /// <summary>Most numbers of a table that is not in steps of one.</summary>
    public const int MostEntries = 16;

    private readonly byte[] _codes;

    /// <summary>Orders the numbers of a format's codes; of codes for one number the first is used.</summary>
    /// <param name="codes">Codes that <see cref="Fault"/> finds nothing wrong with.</param>
    public CodeLattice(CodeNumbers codes)
    {
        (float Number, byte Code)[] ordered = [.. codes.Numbers
            .Select((number, code) => (number, (byte)code))
            .GroupBy(pair => pair.number)
            .Select(same => same.First())
            .OrderBy(pair => pair.number)];
        Numbers = [.. ordered.Select(pair => pair.Number)];
        _codes = [.. ordered.Select(pair => pair.Code)];
        HasUnitSteps = IsUnit(Numbers);
        PlacesAreCodes = Enumerable.Range(0, _codes.Length).All(i => _codes[i] == i);
    }

    /// <summary>The numbers, upward.</summary>
    public float[] Numbers { get; }

    /// <summary>Whether they are consecutive integers.</summary>
    public bool HasUnitSteps { get; }

    /// <summary>Whether every code is the place of its number.</summary>
    public bool PlacesAreCodes { get; }

    /// <summary>The code of a number by its place.</summary>
    public ReadOnlySpan<byte> Codes => _codes;

    /// <summary>Why codes are not searched, or empty.</summary>
    /// <param name="codes">Codes of single inputs.</param>
    /// <returns>The reason.</returns>
    public static string Fault(CodeNumbers codes)
    {
        float[] distinct = [.. codes.Numbers.Distinct().Order()];
        return !distinct.All(float.IsFinite) ? "some of its codes stand for no number"
            : distinct.Length < 2 ? "its codes are all the same number"
            : distinct.Length > MostEntries && !IsUnit(distinct) ? $"its table has more than {MostEntries} numbers"
            : string.Empty;
    }

    private static bool IsUnit(float[] numbers) =>
        numbers[0] == MathF.Floor(numbers[0]) && Math.Abs(numbers[0]) <= 1 << 20 && Enumerable.Range(1, numbers.Length - 1).All(i => numbers[i] - numbers[i - 1] == 1);
}

/// <summary>Finds nearest numbers of a lattice, eight at a time.</summary>
internal interface INearestNumber
{
    /// <summary>The nearest numbers.</summary>
    /// <param name="t">Finite numbers.</param>
    /// <returns>Numbers of the lattice.</returns>
    Vector256<float> Nearest(Vector256<float> t);

    /// <summary>The places of the nearest numbers.</summary>
    /// <param name="t">Finite numbers.</param>
    /// <returns>Places, from 0.</returns>
    Vector256<int> Place(Vector256<float> t);
}

/// <summary>Consecutive integers.</summary>
/// <param name="lattice">The lattice.</param>
internal readonly struct UnitSteps(CodeLattice lattice) : INearestNumber
{
    private readonly Vector256<float> _first = Vector256.Create(lattice.Numbers[0]);
    private readonly Vector256<float> _last = Vector256.Create(lattice.Numbers[^1]);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Nearest(Vector256<float> t) => Vector256.Round(Vector256.MinNative(Vector256.MaxNative(t, _first), _last));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Place(Vector256<float> t) => Vector256.ConvertToInt32(Nearest(t) - _first);
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
    public Vector256<float> Nearest(Vector256<float> t)
    {
        Vector256<int> pair = Pair(t);
        Vector256<float> above = Vector256.GreaterThan(t, Vector256.ShuffleNative(_fourth, pair));
        return Vector256.ConditionalSelect(above, Vector256.ShuffleNative(_odd, pair), Vector256.ShuffleNative(_even, pair));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Place(Vector256<float> t)
    {
        Vector256<int> pair = Pair(t);
        Vector256<int> above = Vector256.GreaterThan(t, Vector256.ShuffleNative(_fourth, pair)).AsInt32();
        return pair + pair - above;
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
