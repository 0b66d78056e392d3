using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Encoders;

/// <summary>The list of numbers that groups choose from, eight groups at a time: places are whole numbers from 0.</summary>
internal interface ILevelList
{
    /// <summary>The places of the nearest numbers.</summary>
    /// <param name="numbers">Numbers; NaN counts as one of the list.</param>
    /// <returns>Places.</returns>
    Vector256<float> Place(Vector256<float> numbers);

    /// <summary>The numbers at some places.</summary>
    /// <param name="place">The places.</param>
    /// <returns>The numbers.</returns>
    Vector256<float> Number(Vector256<float> place);
}

/// <summary>Numbers that are all a step apart.</summary>
/// <param name="inner">The stored numbers.</param>
internal readonly struct EvenList(StoredParameter inner) : ILevelList
{
    private readonly Vector256<float> _first = Vector256.Create(inner.First);
    private readonly Vector256<float> _step = Vector256.Create(inner.Step);
    private readonly Vector256<float> _perStep = Vector256.Create(1 / inner.Step);
    private readonly Vector256<float> _last = Vector256.Create(inner.Count - 1f);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Place(Vector256<float> numbers) =>
        Vector256.Round(Vector256.MinNative(Vector256.MaxNative((numbers - _first) * _perStep, Vector256<float>.Zero), _last));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Number(Vector256<float> place) => Vector256.FusedMultiplyAdd(place, _step, _first);
}

/// <summary>Numbers anywhere, searched one by one.</summary>
/// <param name="inner">The stored numbers.</param>
internal readonly unsafe struct AnyList(StoredParameter inner) : ILevelList
{
    /// <inheritdoc/>
    public Vector256<float> Place(Vector256<float> numbers)
    {
        float* lanes = stackalloc float[GroupLanes.Width];
        numbers.Store(lanes);
        for (int l = 0; l < GroupLanes.Width; l++)
        {
            lanes[l] = inner.Place(lanes[l]);
        }

        return Vector256.Load(lanes);
    }

    /// <inheritdoc/>
    public Vector256<float> Number(Vector256<float> place)
    {
        float* lanes = stackalloc float[GroupLanes.Width];
        place.Store(lanes);
        for (int l = 0; l < GroupLanes.Width; l++)
        {
            lanes[l] = inner.NumberAt((int)lanes[l]);
        }

        return Vector256.Load(lanes);
    }
}

/// <summary>1 / s, or 0 where s is 0.</summary>
internal static class LaneInverse
{
    /// <summary>Inverses of scales.</summary>
    /// <param name="s">Scales.</param>
    /// <returns>Inverses.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> s) => Vector256.AndNot(Vector256<float>.One / s, Vector256.Equals(s, Vector256<float>.Zero));
}
