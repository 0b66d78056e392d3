using System;

namespace KernelGen;

/// <summary>
/// A quantized matrix whose columns stand in another order than the inputs do: column j belongs to input <c>order[j]</c>. Products gather the
/// activations first (y = W' x[order]); decoded rows are in the order of the inputs. GPTQ's act-order stores weights so.
/// </summary>
public sealed unsafe class GatheredMatrix : IWeightMatrix
{
    private readonly PartitionStage _stage;
    private readonly int[] _order;

    /// <summary>Makes the matrix.</summary>
    /// <param name="matrix">The columns in their own order; disposed with this matrix, or left to the caller if this constructor throws.</param>
    /// <param name="order">The input of each column: a permutation of 0 … I - 1.</param>
    /// <exception cref="MatrixShapeException">The order has another length than a row, or is no permutation.</exception>
    public GatheredMatrix(QuantizedMatrix matrix, ReadOnlySpan<int> order)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        MatrixShape.CheckCount(nameof(order), order.Length, matrix.Inputs);
        bool[] seen = new bool[order.Length];
        for (int j = 0; j < order.Length; j++)
        {
            if ((uint)order[j] >= (uint)seen.Length || seen[order[j]])
            {
                throw new MatrixShapeException($"Entry {j} of the order is {order[j]}; every input from 0 to {seen.Length - 1} must occur once.", nameof(order));
            }

            seen[order[j]] = true;
        }

        Matrix = matrix;
        _order = GC.AllocateUninitializedArray<int>(order.Length, pinned: true);
        order.CopyTo(_order);
        _stage = new PartitionStage(matrix.Inputs, [(new CellStage(matrix), _order)]);
    }

    /// <summary>The matrix of the columns in their own order.</summary>
    public QuantizedMatrix Matrix { get; }

    /// <summary>The input of each column.</summary>
    public ReadOnlySpan<int> Order => _order;

    /// <inheritdoc/>
    public long Outputs => Matrix.Outputs;

    /// <inheritdoc/>
    public long Inputs => Matrix.Inputs;

    /// <summary>Bytes that store the matrix: its rows and side parameters, and four for every input's place.</summary>
    public long ByteCount => Matrix.ByteCount + ((long)_order.Length * sizeof(int));

    /// <inheritdoc/>
    public long PackedByteCount => Matrix.PackedByteCount;

    /// <inheritdoc/>
    public void Pack(KernelTarget? target = null, int threads = 0) => Matrix.Pack(target, threads);

    /// <inheritdoc/>
    public bool PackWithin(double growth, KernelTarget? target = null, int threads = 0) => Matrix.PackWithin(growth, target, threads);

    /// <inheritdoc/>
    public void Unpack() => Matrix.Unpack();

    /// <inheritdoc/>
    /// <exception cref="MatrixShapeException">There is no such row, or the span has another length.</exception>
    public void DequantizeRow(long row, Span<float> weights, KernelTarget? target = null)
    {
        MatrixShape.CheckRow(Matrix, row);
        MatrixShape.CheckCount(nameof(weights), weights.Length, Inputs);
        NativeBuffer scratch = ScratchCache.Rent(StageRows.Bytes(1, _stage.RowScratch));
        try
        {
            fixed (float* first = weights)
            {
                _stage.DecodeRow(row, first, (float*)scratch.Pointer, target);
            }
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="MatrixShapeException">A length does not fit, or the output overlaps the activations.</exception>
    public void Multiply(ReadOnlySpan<float> activations, int rows, Span<float> output, MultiplyOptions options = default)
    {
        MatrixShape.CheckRows(rows);
        MatrixShape.CheckCount(nameof(activations), activations.Length, checked(rows * Inputs));
        MatrixShape.CheckCount(nameof(output), output.Length, checked(rows * Outputs));
        MatrixShape.CheckApart(activations, output);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        if (output.IsEmpty)
        {
            return;
        }

        NativeBuffer scratch = ScratchCache.Rent(_stage.ScratchBytes(rows, Outputs, ownsInput: false));
        try
        {
            fixed (float* x = activations, y = output)
            {
                StageProduct product = new(rows, new OutputRectangle(0, rows, 0, Outputs), options);
                _stage.Multiply(product, new StageRows(x, Inputs, isScratch: false), new StageRows(y, Outputs, isScratch: false), scratch.Pointer);
            }
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>Disposes the matrix of the columns.</summary>
    public void Dispose() => Matrix.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Matrix}, gathered";
}
