using System;

namespace KernelGen;

public unsafe partial class StructuredMatrix
{
    /// <summary>Dequantizes one row: the same f32 bits on every target, in the declared order of operations. A norm is not part of it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">Exactly <see cref="Inputs"/> floats.</param>
    /// <param name="target">The kernels to run, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <exception cref="MatrixShapeException">There is no such row, or the span has another length.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void DequantizeRow(long row, Span<float> weights, KernelTarget? target = null)
    {
        MatrixShape.CheckCount(nameof(weights), weights.Length, Inputs);
        fixed (float* first = weights)
        {
            DequantizeRows(row, 1, first, Inputs, 1, target);
        }
    }

    /// <summary>Dequantizes rows [first, first + count): the same f32 bits on every target.</summary>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="weights">Where row <paramref name="first"/> + r goes: <c>weights + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <param name="target">The kernels to run, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <exception cref="MatrixShapeException">There are no such rows, or they would overlap.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void DequantizeRows(long first, long count, float* weights, long stride, int threads = 0, KernelTarget? target = null)
    {
        if (first < 0 || count < 0 || count > Outputs - first)
        {
            throw new MatrixShapeException($"Rows [{first}, {first + count}) were asked for; {this} has rows 0 to {Outputs - 1}.", nameof(count));
        }

        MatrixShape.CheckStride(nameof(stride), stride, Inputs, count);
        if (count == 0)
        {
            return;
        }

        ArgumentNullException.ThrowIfNull(weights);
        WorkerPool pool = WorkerPool.Shared;
        long own = StageRows.Bytes(1, _stage.RowScratch);
        NativeBuffer scratch = ScratchCache.Rent(checked(own * pool.Limit(threads)));
        try
        {
            DecodeWork work = new() { Stage = _stage, First = first, Weights = weights, Stride = stride, Scratch = scratch.Pointer, OwnBytes = own, Target = target };
            pool.Run(work, count, threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Checks that every decoded weight is finite: products of finite vectors and scales may overflow f32. The numbers themselves were checked
    /// when the matrix was made.
    /// </summary>
    /// <returns>The first fault by row and column, or null.</returns>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public StructureFault? Validate()
    {
        using NativeBuffer weights = new(checked(Inputs * sizeof(float)));
        for (long row = 0; row < Outputs; row++)
        {
            float* first = (float*)weights.Pointer;
            DequantizeRows(row, 1, first, Inputs, 1);
            long column = FiniteScan.FirstNonFinite(first, Inputs);
            if (column >= 0)
            {
                return new StructureFault(row, column);
            }
        }

        return null;
    }

    /// <summary>An item is a row.</summary>
    private struct DecodeWork : IRangeWork
    {
        public Stage Stage;
        public long First;
        public float* Weights;
        public long Stride;
        public byte* Scratch;
        public long OwnBytes;
        public KernelTarget? Target;

        public readonly void Run(long first, long end, int participant)
        {
            float* own = (float*)(Scratch + (participant * OwnBytes));
            for (long row = first; row < end; row++)
            {
                Stage.DecodeRow(First + row, Weights + (row * Stride), own, Target);
            }
        }
    }
}

/// <summary>What <see cref="StructuredMatrix.Validate"/> found: a weight that decodes to a NaN or an infinity.</summary>
/// <param name="Row">The row.</param>
/// <param name="Column">The column.</param>
public readonly record struct StructureFault(long Row, long Column)
{
    /// <summary>The finding in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"the decoded weight at row {Row}, column {Column} is not finite";
}
