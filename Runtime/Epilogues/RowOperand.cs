using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>A second matrix [M, O] that an operator reads element by element beside the output.</summary>
/// <param name="first">Element (0, 0).</param>
/// <param name="stride">Floats from one row to the next.</param>
internal readonly unsafe struct RowOperand(float* first, long stride)
{
    private readonly float* _first = first;
    private readonly long _stride = stride;

    /// <summary>Checks that the rows of what is computed do not overlap in the operand.</summary>
    /// <param name="part">The part that is computed.</param>
    /// <param name="name">The operand.</param>
    /// <exception cref="MatrixShapeException">They do, or there is no operand.</exception>
    public void Check(in OutputRectangle part, string name)
    {
        if (_first == null)
        {
            throw new MatrixShapeException($"'{name}' is null. Give the address of its element (0, 0).", name);
        }

        MatrixShape.CheckStride(name, _stride, part.EndOutput, part.EndRow);
    }

    /// <summary>Elements (row, output), (row, output + 1), …</summary>
    /// <param name="row">The row.</param>
    /// <param name="output">The first column.</param>
    /// <returns>A vector of them.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Vector(long row, long output) => System.Numerics.Vector.Load(_first + (row * _stride) + output);

    /// <summary>Element (row, output).</summary>
    /// <param name="row">The row.</param>
    /// <param name="output">The column.</param>
    /// <returns>The element.</returns>
    public float Single(long row, long output) => _first[(row * _stride) + output];
}
