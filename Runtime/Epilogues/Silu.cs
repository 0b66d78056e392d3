using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>The sigmoid linear unit of every output, <c>silu(y) = y / (1 + exp(-y))</c>, as <see cref="Exponential"/> defines it.</summary>
public readonly struct Silu : IEpilogue<Silu>
{
    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => Exponential.Silu(y);

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => Exponential.Silu(y);
}
