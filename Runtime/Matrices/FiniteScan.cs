using System;
using System.Runtime.Intrinsics;
using System.Threading;

namespace KernelGen;

/// <summary>Looks for NaN and infinity.</summary>
internal static unsafe class FiniteScan
{
    private const int InfinityBits = 0x7F80_0000;

    /// <summary>The first number of a row that is not finite.</summary>
    /// <param name="x">The row.</param>
    /// <param name="count">Its length.</param>
    /// <returns>The index, or -1.</returns>
    public static long FirstNonFinite(float* x, long count)
    {
        Vector256<int> infinity = Vector256.Create(InfinityBits);
        long i = 0;
        for (; i <= count - 32; i += 32)
        {
            Vector256<int> a = Vector256.Equals(Vector256.Load((int*)(x + i)) & infinity, infinity);
            Vector256<int> b = Vector256.Equals(Vector256.Load((int*)(x + i + 8)) & infinity, infinity);
            Vector256<int> c = Vector256.Equals(Vector256.Load((int*)(x + i + 16)) & infinity, infinity);
            Vector256<int> d = Vector256.Equals(Vector256.Load((int*)(x + i + 24)) & infinity, infinity);
            if ((a | b | c | d) != Vector256<int>.Zero)
            {
                break;
            }
        }

        for (; i < count; i++)
        {
            if (!float.IsFinite(x[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Checks that all weights are finite.</summary>
    /// <param name="weights">Weights, row r at <c>weights + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Row length.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <exception cref="NonFiniteWeightException">One is not; the first by row and column is named.</exception>
    public static void Check(float* weights, long stride, long rows, long columns, int threads)
    {
        long firstRow = long.MaxValue;
        Work work = new() { Weights = weights, Stride = stride, Columns = columns, FirstRow = &firstRow };
        WorkerPool.Shared.Run(work, rows, threads);
        if (firstRow != long.MaxValue)
        {
            float* row = weights + (firstRow * stride);
            long column = FirstNonFinite(row, columns);
            throw new NonFiniteWeightException(firstRow, column, row[column]);
        }
    }

    /// <summary>Lowers a shared number to another.</summary>
    /// <param name="shared">The shared number.</param>
    /// <param name="value">The other.</param>
    public static void Lower(long* shared, long value)
    {
        long seen = Volatile.Read(ref *shared);
        while (value < seen)
        {
            long before = Interlocked.CompareExchange(ref *shared, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>An item is a row.</summary>
    private struct Work : IRangeWork
    {
        public float* Weights;
        public long Stride;
        public long Columns;
        public long* FirstRow;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end && row < Volatile.Read(ref *FirstRow); row++)
            {
                if (FirstNonFinite(Weights + (row * Stride), Columns) >= 0)
                {
                    Lower(FirstRow, row);
                    return;
                }
            }
        }
    }
}
