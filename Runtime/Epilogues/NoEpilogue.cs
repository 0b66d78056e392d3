using System.Numerics;

namespace KernelGen.Epilogues;

/// <summary>Leaves the outputs as they are.</summary>
public readonly struct NoEpilogue : IEpilogue<NoEpilogue>
{
    /// <inheritdoc/>
    public static bool IsIdentity => true;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part)
    {
    }

    /// <inheritdoc/>
    public Vector<float> Invoke(Vector<float> y, long row, long output) => y;

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => y;
}
