using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>One operator after another, without a trip to memory between them.</summary>
/// <typeparam name="TFirst">The operator that meets the sums.</typeparam>
/// <typeparam name="TSecond">The operator that meets what the first one returns.</typeparam>
/// <param name="first">The first operator.</param>
/// <param name="second">The second operator.</param>
public readonly struct Then<TFirst, TSecond>(TFirst first, TSecond second) : IEpilogue<Then<TFirst, TSecond>>
    where TFirst : struct, IEpilogue<TFirst>
    where TSecond : struct, IEpilogue<TSecond>
{
    private readonly TFirst _first = first;
    private readonly TSecond _second = second;

    /// <inheritdoc/>
    public static bool IsIdentity => TFirst.IsIdentity && TSecond.IsIdentity;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part)
    {
        _first.Check(part);
        _second.Check(part);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => _second.Invoke(_first.Invoke(y, row, output), row, output);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(float y, long row, long output) => _second.Invoke(_first.Invoke(y, row, output), row, output);
}

/// <summary>Composes operators.</summary>
public static class EpilogueExtensions
{
    /// <summary>This operator and then another one: <c>new AddBias(b, n).Then(new Clamp(0, 6))</c>.</summary>
    /// <typeparam name="TFirst">The operator that meets the sums.</typeparam>
    /// <typeparam name="TSecond">The operator that meets what the first one returns.</typeparam>
    /// <param name="first">The first operator.</param>
    /// <param name="second">The second operator.</param>
    /// <returns>Both.</returns>
    public static Then<TFirst, TSecond> Then<TFirst, TSecond>(this TFirst first, TSecond second)
        where TFirst : struct, IEpilogue<TFirst>
        where TSecond : struct, IEpilogue<TSecond> => new(first, second);
}
