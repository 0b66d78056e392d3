using System;
using System.Collections.Generic;
using KernelGen;

namespace Quickstart;

/// <summary>Matrices to quantize.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Matrices">The matrices, two rows or more each.</param>
/// <param name="Notes">What was left out, in sentences.</param>
/// <param name="File">Disposed with the model; null where there is no file.</param>
internal sealed record Model(string Name, IReadOnlyList<Matrix> Matrices, IReadOnlyList<string> Notes, IDisposable? File = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => File?.Dispose();
}

/// <summary>A matrix of f32 weights.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Rows">Outputs.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="ReadRow">Writes one row.</param>
internal sealed record Matrix(string Name, long Rows, int Columns, RowReader ReadRow)
{
    /// <summary>Weights.</summary>
    public long Count => Rows * Columns;

    /// <summary>All weights, row after row.</summary>
    /// <returns>The memory; dispose it.</returns>
    public unsafe NativeBuffer Load()
    {
        NativeBuffer buffer = new(checked(Count * sizeof(float)));
        float* first = (float*)buffer.Pointer;
        for (long row = 0; row < Rows; row++)
        {
            ReadRow(row, new Span<float>(first + (row * Columns), Columns));
        }

        return buffer;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Rows} x {Columns})";
}

/// <summary>Writes one row of a matrix.</summary>
/// <param name="row">The row.</param>
/// <param name="weights">Room for its weights.</param>
internal delegate void RowReader(long row, Span<float> weights);
