using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>Adds a number of its own to every output of W, the same for all activation rows: y + bias[n].</summary>
/// <param name="bias">One f32 for every output.</param>
/// <param name="count">How many there are.</param>
public readonly unsafe struct AddBias(float* bias, long count) : IEpilogue<AddBias>
{
    private readonly float* _bias = bias;
    private readonly long _count = count;

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part)
    {
        if (_bias == null || _count < part.EndOutput)
        {
            throw new MatrixShapeException(
                $"Outputs up to {part.EndOutput} are computed; the bias has {(_bias == null ? 0 : _count)} elements. Give it one for every output.", nameof(bias));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => y + Vector.Load(_bias + output);

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => y + _bias[output];
}
