using System;

namespace KernelGen.Encoders;

/// <summary>Weights to encode: row r at <c>First + r * Stride</c>.</summary>
public readonly unsafe struct WeightRows
{
    /// <summary>Describes weights in memory that the caller keeps.</summary>
    /// <param name="first">The first weight.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <exception cref="ArgumentException">The address is null, a size is out of range, or rows overlap.</exception>
    public WeightRows(float* first, long stride, long outputs, long inputs)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, int.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, outputs > 1 ? inputs : 0);
        First = first;
        Stride = stride;
        Outputs = outputs;
        Inputs = inputs;
    }

    /// <summary>The first weight.</summary>
    public float* First { get; }

    /// <summary>From one row to the next, in floats.</summary>
    public long Stride { get; }

    /// <summary>Rows O.</summary>
    public long Outputs { get; }

    /// <summary>Row length I.</summary>
    public long Inputs { get; }

    /// <summary>A row.</summary>
    /// <param name="row">Its number.</param>
    /// <returns>Its first weight.</returns>
    public float* Row(long row) => First + (row * Stride);

    internal void CheckFinite()
    {
        for (long row = 0; row < Outputs; row++)
        {
            float* weights = Row(row);
            for (long i = 0; i < Inputs; i++)
            {
                if (!float.IsFinite(weights[i]))
                {
                    throw new NonFiniteWeightException(row, i, weights[i]);
                }
            }
        }
    }
}
