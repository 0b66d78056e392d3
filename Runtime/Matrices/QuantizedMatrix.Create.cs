using System;

namespace KernelGen;

public unsafe partial class QuantizedMatrix
{
    /// <summary>Makes a matrix whose stored bytes are all zero, to be filled row by row with <see cref="QuantizeRow"/>.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="tensorSide">The side parameters of the matrix, empty where the format has none.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the side parameters have another length.</exception>
    public static QuantizedMatrix Create(FormatDescriptor format, long outputs, long inputs, ReadOnlySpan<byte> tensorSide = default)
    {
        ArgumentNullException.ThrowIfNull(format);
        QuantizedMatrix matrix = new(format, outputs, inputs);
        matrix.SetTensorSide(tensorSide);
        return matrix;
    }

    /// <summary>Quantizes weights.</summary>
    /// <param name="format">The format.</param>
    /// <param name="weights">Weights [outputs, inputs], finite.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or there are more or fewer weights.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="EncoderMissingException">The format has no encoder.</exception>
    public static QuantizedMatrix Quantize(FormatDescriptor format, ReadOnlySpan<float> weights, long outputs, long inputs, int threads = 0)
    {
        MatrixShape.RowBytes(format, outputs, inputs);
        MatrixShape.CheckCount(nameof(weights), weights.Length, checked(outputs * inputs));
        fixed (float* first = weights)
        {
            return Quantize(format, first, inputs, outputs, inputs, threads);
        }
    }

    /// <summary>Quantizes weights.</summary>
    /// <param name="format">The format.</param>
    /// <param name="weights">Finite weights, row r at <c>weights + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the rows overlap.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="EncoderMissingException">The format has no encoder.</exception>
    public static QuantizedMatrix Quantize(FormatDescriptor format, float* weights, long stride, long outputs, long inputs, int threads = 0)
    {
        EncoderMissingException.ThrowIfMissing(format);
        MatrixShape.RowBytes(format, outputs, inputs);
        CheckWeights(weights, stride, outputs, inputs, threads);
        QuantizedMatrix matrix = new(format, outputs, inputs);
        matrix.Fill(weights, stride, threads);
        return matrix;
    }

    /// <summary>Copies stored weights.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="blocks">Stored rows, exactly.</param>
    /// <param name="rowSides">Side parameters by row, empty where the format has none.</param>
    /// <param name="tensorSide">Side parameters of the matrix, empty where the format has none.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    /// <remarks>Weights from a source that is not trusted should be checked with <see cref="Validate"/>.</remarks>
    public static QuantizedMatrix FromBlocks(
        FormatDescriptor format, long outputs, long inputs, ReadOnlySpan<byte> blocks, ReadOnlySpan<byte> rowSides = default, ReadOnlySpan<byte> tensorSide = default)
    {
        fixed (byte* first = blocks, firstSide = rowSides, tensor = tensorSide)
        {
            return FromBlocks(format, outputs, inputs, Borrow(first, blocks.Length, firstSide, rowSides.Length, tensor, tensorSide.Length));
        }
    }

    /// <summary>Copies stored weights of any size.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="weights">Where they are. Their owner is not disposed.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    public static QuantizedMatrix FromBlocks(FormatDescriptor format, long outputs, long inputs, in BorrowedWeights weights)
    {
        MatrixShape.CheckLengths(format, outputs, inputs, weights.BlockBytes, weights.RowSideBytes, weights.TensorSideBytes);
        QuantizedMatrix matrix = new(format, outputs, inputs);
        matrix.CopyFrom(weights);
        return matrix;
    }

    /// <summary>Makes a matrix over stored weights where they are.</summary>
    /// <param name="format">The format.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="weights">Where they are. Their owner is disposed with the matrix, or stays with the caller if this method throws.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    /// <exception cref="ArgumentNullException">An address is null though its length is not zero.</exception>
    public static QuantizedMatrix ViewBlocks(FormatDescriptor format, long outputs, long inputs, in BorrowedWeights weights) =>
        new(format, outputs, inputs, weights);

    private protected static BorrowedWeights Borrow(byte* blocks, long blockBytes, byte* rowSides, long rowSideBytes, byte* tensorSide, long tensorSideBytes) => new()
    {
        Blocks = blocks,
        BlockBytes = blockBytes,
        RowSides = rowSides,
        RowSideBytes = rowSideBytes,
        TensorSide = tensorSide,
        TensorSideBytes = tensorSideBytes,
    };

    private protected static void CheckWeights(float* weights, long stride, long outputs, long inputs, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        MatrixShape.CheckStride(nameof(stride), stride, inputs, outputs);
        if (outputs == 0)
        {
            return;
        }

        ArgumentNullException.ThrowIfNull(weights);
        FiniteScan.Check(weights, stride, outputs, inputs, threads);
    }

    private protected void SetTensorSide(ReadOnlySpan<byte> tensorSide)
    {
        MatrixShape.CheckCount(nameof(tensorSide), tensorSide.Length, TensorSideByteCount);
        tensorSide.CopyTo(new Span<byte>(_tensorSide, tensorSide.Length));
    }

    private protected void CopyFrom(in BorrowedWeights weights)
    {
        Buffer.MemoryCopy(weights.Blocks, _blocks, BlockByteCount, BlockByteCount);
        Buffer.MemoryCopy(weights.RowSides, _rowSides, RowSideByteCount, RowSideByteCount);
        Buffer.MemoryCopy(weights.TensorSide, _tensorSide, TensorSideByteCount, TensorSideByteCount);
    }

    /// <summary>Quantizes checked weights into this new matrix.</summary>
    private protected void Fill(float* weights, long stride, int threads)
    {
        if (Outputs == 0)
        {
            return;
        }

        KernelSet kernels = TargetSelection.Select(Format);
        if (kernels.QuantizeTensor != null)
        {
            kernels.QuantizeTensor(weights, stride, Outputs, Inputs, _tensorSide);
        }

        FillWork work = new() { Matrix = this, Kernels = kernels, Weights = weights, Stride = stride };
        WorkerPool.Shared.Run(work, Outputs, threads);
    }

    /// <summary>An item is a row.</summary>
    private struct FillWork : IRangeWork
    {
        public QuantizedMatrix Matrix;
        public KernelSet Kernels;
        public float* Weights;
        public long Stride;

        public readonly void Run(long first, long end, int participant)
        {
            QuantizedMatrix m = Matrix;
            for (long row = first; row < end; row++)
            {
                Kernels.QuantizeRow(
                    Weights + (row * Stride), m.Inputs, m._blocks + (row * m.RowByteCount), m._rowSides + (row * m.Format.RowSideBytes), m._tensorSide);
            }
        }
    }
}
