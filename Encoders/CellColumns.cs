using System;

namespace KernelGen.Encoders;

/// <summary>Quantizes some columns of weights into a dense matrix.</summary>
internal static unsafe class CellColumns
{
    /// <summary>Quantizes the columns; the range of a row is that of all its weights where the format says so.</summary>
    /// <param name="format">A format with an encoder; in whole-row blocks where its range is the whole row's.</param>
    /// <param name="weights">All weights.</param>
    /// <param name="columns">The columns, at least one.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    public static QuantizedMatrix Quantize(FormatDescriptor format, WeightRows weights, int[] columns, int threads)
    {
        if (!format.RangeOfWholeRow)
        {
            using NativeBuffer dense = new(checked(weights.Outputs * columns.Length * sizeof(float)));
            float* to = (float*)dense.Pointer;
            for (long row = 0; row < weights.Outputs; row++)
            {
                float* w = weights.Row(row);
                foreach (int column in columns)
                {
                    *to++ = w[column];
                }
            }

            return QuantizedMatrix.Quantize(format, (float*)dense.Pointer, columns.Length, weights.Outputs, columns.Length, threads);
        }

        // The whole row gives the parameters and a code for each weight; of the codes the columns' are kept.
        using QuantizedMatrix all = QuantizedMatrix.Quantize(format, weights.First, weights.Stride, weights.Outputs, weights.Inputs, threads);
        long rowBytes = format.RowBytes(columns.Length);
        using NativeBuffer blocks = new(checked(weights.Outputs * rowBytes));
        fixed (int* chosen = columns)
        {
            TakeWork work = new() { All = all, Columns = chosen, Count = columns.Length, Blocks = blocks.Pointer, RowBytes = rowBytes };
            WorkerPool.Shared.Run(work, weights.Outputs, threads);
        }

        return QuantizedMatrix.FromBlocks(format, weights.Outputs, columns.Length, new BorrowedWeights
        {
            Blocks = blocks.Pointer,
            BlockBytes = blocks.Length,
            RowSides = all.RowSides,
            RowSideBytes = all.RowSideByteCount,
            TensorSide = all.TensorSide,
            TensorSideBytes = all.TensorSideByteCount,
        });
    }

    /// <summary>An item is a row.</summary>
    private struct TakeWork : IRangeWork
    {
        public QuantizedMatrix All;
        public int* Columns;
        public int Count;
        public byte* Blocks;
        public long RowBytes;

        public readonly void Run(long first, long end, int participant)
        {
            FormatDescriptor format = All.Format;
            byte[] codes = new byte[RowCodes.Padded(format, All.Inputs)];
            byte[] taken = new byte[RowCodes.Padded(format, Count)];
            fixed (byte* q = codes, some = taken)
            {
                for (long row = first; row < end; row++)
                {
                    RowCodes.Unpack(format, All.Blocks + (row * All.RowByteCount), All.RowByteCount, q);
                    for (int i = 0; i < Count; i++)
                    {
                        some[i] = q[Columns[i]];
                    }

                    RowCodes.Pack(format, some, null, Blocks + (row * RowBytes), RowBytes);
                }
            }
        }
    }
}
