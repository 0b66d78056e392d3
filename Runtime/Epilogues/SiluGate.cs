using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>
/// The gate of a gated feed-forward layer: <c>silu(gate[m, n]) · y</c>, where y is the product with the "up" weights and the gate
/// the finished product with the "gate" weights. Silu as <see cref="Exponential"/> defines it, then one f32 product.
/// </summary>
/// <param name="gate">Element (0, 0) of the matrix [M, O]; no part of the output.</param>
/// <param name="stride">Floats from one of its rows to the next.</param>
public readonly unsafe struct SiluGate(float* gate, long stride) : IEpilogue<SiluGate>
{
    private readonly RowOperand _gate = new(gate, stride);

    /// <inheritdoc/>
    public static bool IsIdentity => false;

    /// <inheritdoc/>
    public void Check(in OutputRectangle part) => _gate.Check(part, nameof(gate));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Invoke(Vector<float> y, long row, long output) => Exponential.Silu(_gate.Vector(row, output)) * y;

    /// <inheritdoc/>
    public float Invoke(float y, long row, long output) => Exponential.Silu(_gate.Single(row, output)) * y;
}
