using System;
using System.Threading;

namespace KernelGen;

public unsafe partial class QuantizedMatrix
{
    /// <summary>
    /// Checks stored weights from a source that is not trusted: every scale, minimum and zero point must be finite, and so must
    /// every decoded weight. A matrix that passes gives finite products of finite activations, short of overflow in the sums.
    /// </summary>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The first fault by row and block, or null.</returns>
    /// <exception cref="StoredRowsMissingException">The matrix has packed panels only.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public WeightFault? Validate(int threads = 0)
    {
        Enter();
        try
        {
            if (!_hasRows)
            {
                throw RowsMissing("Validating");
            }

            if ((ParameterCheck.FirstNonFinite(Format, Extent.Tensor, _tensorSide) ?? FirstNonFiniteTable()) is { } name)
            {
                return new WeightFault(-1, -1, name);
            }

            if (Outputs == 0)
            {
                return null;
            }

            WorkerPool pool = WorkerPool.Shared;
            int most = pool.Limit(threads);
            long ownBytes = ValidateWork.OwnBytes(this);
            using NativeBuffer scratch = new(checked(ownBytes * most));
            long firstRow = long.MaxValue;
            ValidateWork work = new()
            {
                Matrix = this,
                Kernels = TargetSelection.Select(Format),
                Scratch = scratch.Pointer,
                OwnBytesEach = ownBytes,
                FirstRow = &firstRow,
            };
            pool.Run(work, Outputs, threads);
            return firstRow == long.MaxValue ? null : work.CheckRow(firstRow, 0);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The name of the table per input where one of its numbers is not finite.</summary>
    private string? FirstNonFiniteTable()
    {
        long numbers = (TensorSideByteCount - Format.TensorSideBytes) / sizeof(float);
        return FiniteScan.FirstNonFinite((float*)(_tensorSide + Format.TensorSideBytes), numbers) < 0
            ? null
            : Array.Find([.. Format.Parameters], static parameter => parameter.Per == Extent.Column)!.Name;
    }

    /// <summary>An item is a row.</summary>
    private struct ValidateWork : IRangeWork
    {
        public QuantizedMatrix Matrix;
        public KernelSet Kernels;
        public byte* Scratch;
        public long OwnBytesEach;
        public long* FirstRow;

        public static long OwnBytes(QuantizedMatrix matrix)
        {
            ScratchLayout layout = default;
            layout.Add(checked(matrix.Inputs * sizeof(float)));
            layout.Add(matrix.Format.BlockInputs);
            layout.Add((long)matrix.Format.ParametersPerBlock * sizeof(uint));
            return layout.Bytes;
        }

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end && row < Volatile.Read(ref *FirstRow); row++)
            {
                if (CheckRow(row, participant) is not null)
                {
                    FiniteScan.Lower(FirstRow, row);
                    return;
                }
            }
        }

        public readonly WeightFault? CheckRow(long row, int participant)
        {
            FormatDescriptor format = Matrix.Format;
            byte* side = Matrix._rowSides + (row * format.RowSideBytes);
            if (ParameterCheck.FirstNonFinite(format, Extent.Row, side) is { } name)
            {
                return new WeightFault(row, -1, name);
            }

            ScratchLayout layout = default;
            byte* own = Scratch + (participant * OwnBytesEach);
            float* weights = (float*)(own + layout.Add(Matrix.Inputs * sizeof(float)));
            byte* codes = own + layout.Add(format.CodesPerBlock * format.CodeBytes);
            uint* parameters = (uint*)(own + layout.Bytes);

            byte* blocks = Matrix._blocks + (row * Matrix.RowByteCount);
            Kernels.DequantizeRow(blocks, side, Matrix._tensorSide, Matrix.Inputs, weights);
            long column = FiniteScan.FirstNonFinite(weights, Matrix.Inputs);
            long faultyBlock = column < 0 ? long.MaxValue : column / format.BlockInputs;

            // Parameters of padding decode to no weight, but kernels multiply them with zeros.
            long wholeBlocks = format.ParametersPerBlock == 0 ? 0 : Matrix.RowByteCount / format.BlockBytes;
            for (long block = 0; block < wholeBlocks && block <= faultyBlock; block++)
            {
                Kernels.UnpackBlock(blocks + (block * format.BlockBytes), codes, parameters);
                if (ParameterCheck.FirstNonFinite(format, parameters) is { } inBlock)
                {
                    return new WeightFault(row, block, inBlock);
                }
            }

            return column < 0 ? null : new WeightFault(row, faultyBlock, "");
        }
    }
}
