using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>Multiplies by a second matrix: y · factor[m, n].</summary>
/// <param name="factor">Element (0, 0) of the matrix [M, O]; no part of the output.</param>
/// <param name="stride">Floats from one of its rows to the next.</param>
public readonly unsafe struct MultiplyBy(float* factor, long stride) : IEpilogue<MultiplyBy>
{
    private readonly RowOperand _factor = new(factor, stride);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part) => _factor.Check(part, nameof(factor));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => y * _factor.Vector(row, output);

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => y * _factor.Single(row, output);
}
