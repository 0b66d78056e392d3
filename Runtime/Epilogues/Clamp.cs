using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>
/// Puts the least in place of what is less and the greatest in place of what is greater: <see cref="Relu"/>, <see cref="Relu6"/>
/// and so on. NaN stays NaN, and a zero keeps its sign.
/// </summary>
public readonly struct Clamp : IEpilogue<Clamp>
{
    private readonly float _least;
    private readonly float _greatest;

    /// <summary>Makes the operator.</summary>
    /// <param name="least">The least result; negative infinity for no limit.</param>
    /// <param name="greatest">The greatest result; positive infinity for no limit.</param>
    /// <exception cref="ArgumentException">The limits are in the wrong order, or one is NaN.</exception>
    public Clamp(float least, float greatest)
    {
        if (!(least <= greatest))
        {
            throw new ArgumentException($"No number is at least {least} and at most {greatest}.", nameof(greatest));
        }

        _least = least;
        _greatest = greatest;
    }

    /// <summary>max(y, 0).</summary>
    public static Clamp Relu => new(0, float.PositiveInfinity);

    /// <summary>min(max(y, 0), 6).</summary>
    public static Clamp Relu6 => new(0, 6);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output)
    {
        Vector<float> least = new(_least);
        Vector<float> greatest = new(_greatest);
        y = Vector.ConditionalSelect(Vector.LessThan(y, least), least, y);
        return Vector.ConditionalSelect(Vector.GreaterThan(y, greatest), greatest, y);
    }

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output)
    {
        y = y < _least ? _least : y;
        return y > _greatest ? _greatest : y;
    }
}
