using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>Adds a second matrix: y + residual[m, n].</summary>
/// <param name="residual">Element (0, 0) of the matrix [M, O]; no part of the output.</param>
/// <param name="stride">Floats from one of its rows to the next.</param>
public readonly unsafe struct AddResidual(float* residual, long stride) : IEpilogue<AddResidual>
{
    private readonly RowOperand _residual = new(residual, stride);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part) => _residual.Check(part, nameof(residual));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => y + _residual.Vector(row, output);

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => y + _residual.Single(row, output);
}
