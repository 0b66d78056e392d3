using System;

namespace KernelGen;

public unsafe partial class QuantizedMatrix
{
    /// <summary>Dequantizes one row: the same f32 bits on every target.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">Exactly <see cref="Inputs"/> floats.</param>
    /// <param name="target">The kernels to run, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <exception cref="MatrixShapeException">There is no such row, or the span has another length.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void DequantizeRow(long row, Span<float> weights, KernelTarget? target = null)
    {
        MatrixShape.CheckRow(this, row);
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
        KernelSet kernels = TargetSelection.Select(Format, target);
        Enter();
        try
        {
            if (!_hasRows)
            {
                DequantizePanels(kernels, first, count, weights, stride, threads);
                return;
            }

            DequantizeWork work = new()
            {
                Kernels = kernels,
                Blocks = _blocks + (first * RowByteCount),
                RowBytes = RowByteCount,
                RowSides = _rowSides + (first * Format.RowSideBytes),
                RowSideBytes = Format.RowSideBytes,
                TensorSide = _tensorSide,
                Inputs = Inputs,
                Weights = weights,
                Stride = stride,
            };
            WorkerPool.Shared.Run(work, count, threads);
        }
        finally
        {
            Leave();
        }
    }

    private void DequantizePanels(KernelSet kernels, long first, long count, float* weights, long stride, int threads)
    {
        PackedPanels panels = _panels!;
        if (panels.Layout != kernels.Panel)
        {
            throw RowsMissing($"Dequantizing by the {kernels.Target} kernels, which read panels of another layout,");
        }

        PanelRows.Dequantize(new PackedPanels(kernels, panels.Pointer, null), _tensorSide, Inputs, first, count, weights, stride, threads);
    }

    /// <summary>Quantizes one row in place, and packs its panel again where the matrix is packed.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">Exactly <see cref="Inputs"/> finite weights. Side parameters of the whole matrix stay as they are.</param>
    /// <exception cref="MatrixShapeException">There is no such row, or the span has another length.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite; nothing was written.</exception>
    /// <exception cref="EncoderMissingException">The format has no encoder.</exception>
    /// <exception cref="InvalidOperationException">The matrix is a view of memory it does not own.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has packed panels only.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void QuantizeRow(long row, ReadOnlySpan<float> weights)
    {
        EncoderMissingException.ThrowIfMissing(Format);
        MatrixShape.CheckRow(this, row);
        MatrixShape.CheckCount(nameof(weights), weights.Length, Inputs);
        if (!_hasRows)
        {
            throw RowsMissing("Quantizing a row");
        }

        if (IsView)
        {
            throw new InvalidOperationException("The matrix is a view of memory it does not own. Copy the weights with FromBlocks to change them.");
        }

        Enter();
        try
        {
            fixed (float* x = weights)
            {
                long column = FiniteScan.FirstNonFinite(x, Inputs);
                if (column >= 0)
                {
                    throw new NonFiniteWeightException(row, column, x[column]);
                }

                TargetSelection.Select(Format).QuantizeRow(
                    x, Inputs, _blocks + (row * RowByteCount), _rowSides + (row * Format.RowSideBytes), _tensorSide);
            }

            RepackPanelOf(row);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>An item is a row.</summary>
    private struct DequantizeWork : IRangeWork
    {
        public KernelSet Kernels;
        public byte* Blocks;
        public long RowBytes;
        public byte* RowSides;
        public long RowSideBytes;
        public byte* TensorSide;
        public long Inputs;
        public float* Weights;
        public long Stride;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                Kernels.DequantizeRow(Blocks + (row * RowBytes), RowSides + (row * RowSideBytes), TensorSide, Inputs, Weights + (row * Stride));
            }
        }
    }
}
