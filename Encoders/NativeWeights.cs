using System;

namespace KernelGen.Encoders;

/// <summary>A copy of weights that encoders change.</summary>
internal sealed unsafe class NativeWeights : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <summary>Copies weights, row after row.</summary>
    /// <param name="weights">The weights.</param>
    public NativeWeights(WeightRows weights)
    {
        _memory = new NativeBuffer(checked(weights.Outputs * weights.Inputs * sizeof(float)));
        Rows = new WeightRows((float*)_memory.Pointer, weights.Inputs, weights.Outputs, weights.Inputs);
        long bytes = weights.Inputs * sizeof(float);
        for (long row = 0; row < weights.Outputs; row++)
        {
            Buffer.MemoryCopy(weights.Row(row), Rows.Row(row), bytes, bytes);
        }
    }

    /// <summary>The copy.</summary>
    public WeightRows Rows { get; }

    /// <summary>Subtracts the decoded weights of a matrix of the same shape, one f32 rounding each.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    public void Subtract(StructuredMatrix matrix, int threads)
    {
        const int RowsAtOnce = 64;
        using NativeBuffer decoded = new(checked(RowsAtOnce * Rows.Inputs * sizeof(float)));
        float* from = (float*)decoded.Pointer;
        for (long row = 0; row < Rows.Outputs; row += RowsAtOnce)
        {
            long count = Math.Min(RowsAtOnce, Rows.Outputs - row);
            matrix.DequantizeRows(row, count, from, Rows.Inputs, threads);
            float* to = Rows.Row(row);
            for (long i = 0; i < count * Rows.Inputs; i++)
            {
                to[i] -= from[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
