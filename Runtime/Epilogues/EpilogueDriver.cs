using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Epilogues;

/// <summary>Applies an operator to finished outputs.</summary>
internal static unsafe class EpilogueDriver
{
    /// <summary>
    /// Outputs of a row that are finished before the operator is applied to them where the kernels would go on for longer: 8 KB,
    /// which stay in the nearest cache beside the weights that stream through it.
    /// </summary>
    public const int StretchOutputs = 2048;

    /// <summary>Applies an operator to a rectangle of outputs, in place. Nothing, where it is the identity.</summary>
    /// <typeparam name="TEpilogue">The operator.</typeparam>
    /// <param name="epilogue">The operator.</param>
    /// <param name="y">Element (<paramref name="firstRow"/>, <paramref name="firstOutput"/>).</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="firstRow">First activation row, counted in the whole product.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="firstOutput">First output, counted in the whole product.</param>
    /// <param name="outputs">Outputs of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TEpilogue>(in TEpilogue epilogue, float* y, long stride, long firstRow, long rows, long firstOutput, long outputs)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        if (!TEpilogue.IsIdentity)
        {
            ApplyRows(epilogue, y, stride, firstRow, rows, firstOutput, outputs);
        }
    }

    // By value, so that the operator's fields are read once and not after every store.
    private static void ApplyRows<TEpilogue>(TEpilogue epilogue, float* y, long stride, long firstRow, long rows, long firstOutput, long outputs)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        for (long row = firstRow; row < firstRow + rows; row++, y += stride)
        {
            long n = 0;
            for (; n <= outputs - Vector<float>.Count; n += Vector<float>.Count)
            {
                epilogue.Invoke(Vector.Load(y + n), row, firstOutput + n).Store(y + n);
            }

            for (; n < outputs; n++)
            {
                y[n] = epilogue.Invoke(y[n], row, firstOutput + n);
            }
        }
    }
}
