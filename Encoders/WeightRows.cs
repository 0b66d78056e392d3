using System;
using System.Runtime.Intrinsics;

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

    /// <summary>Checks that all weights are finite.</summary>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <exception cref="NonFiniteWeightException">One is not; the first by row and column is named.</exception>
    internal void CheckFinite(int threads = 0)
    {
        bool found = false;
        WorkerPool.Shared.Run(new FiniteWork { Weights = this, Found = &found }, Outputs, threads);
        for (long row = 0; found && row < Outputs; row++)
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

    /// <summary>An item is a row.</summary>
    private struct FiniteWork : IRangeWork
    {
        /// <summary>Magnitudes order as their bits do; what is not finite is not below infinity.</summary>
        private const uint Magnitude = 0x7FFFFFFF;
        private const uint Infinity = 0x7F800000;

        public WeightRows Weights;
        public bool* Found;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end && !*Found; row++)
            {
                float* weights = Weights.Row(row);
                Vector256<uint> magnitude = Vector256.Create(Magnitude), most = Vector256<uint>.Zero, more = most;
                long i = 0;
                for (; i <= Weights.Inputs - (2 * Vector256<uint>.Count); i += 2 * Vector256<uint>.Count)
                {
                    most = Vector256.Max(most, Vector256.Load((uint*)weights + i) & magnitude);
                    more = Vector256.Max(more, Vector256.Load((uint*)weights + i + Vector256<uint>.Count) & magnitude);
                }

                bool isFinite = Vector256.LessThanAll(Vector256.Max(most, more), Vector256.Create(Infinity));
                for (; i < Weights.Inputs; i++)
                {
                    isFinite &= float.IsFinite(weights[i]);
                }

                if (!isFinite)
                {
                    *Found = true;
                }
            }
        }
    }
}
