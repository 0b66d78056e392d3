using System;

namespace KernelGen;

/// <summary>Quantized weights in a format known at compile time.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
public sealed unsafe class QuantizedMatrix<TFormat> : QuantizedMatrix
    where TFormat : struct, IQuantFormat<TFormat>
{
    private QuantizedMatrix(long outputs, long inputs)
        : base(TFormat.Descriptor, outputs, inputs)
    {
    }

    private QuantizedMatrix(long outputs, long inputs, in BorrowedWeights weights)
        : base(TFormat.Descriptor, outputs, inputs, weights)
    {
    }

    private QuantizedMatrix(in PackedWeights packed)
        : base(TFormat.Descriptor, packed)
    {
    }

    /// <summary>Makes a matrix whose stored bytes are all zero, to be filled row by row with <see cref="QuantizedMatrix.QuantizeRow"/>.</summary>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="tensorSide">The side parameters of the matrix, empty where the format has none.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the side parameters have another length.</exception>
    public static QuantizedMatrix<TFormat> Create(long outputs, long inputs, ReadOnlySpan<byte> tensorSide = default)
    {
        QuantizedMatrix<TFormat> matrix = new(outputs, inputs);
        matrix.SetTensorSide(tensorSide);
        return matrix;
    }

    /// <summary>Quantizes weights.</summary>
    /// <param name="weights">Weights [outputs, inputs], finite.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or there are more or fewer weights.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="EncoderMissingException">The format has no encoder.</exception>
    public static QuantizedMatrix<TFormat> Quantize(ReadOnlySpan<float> weights, long outputs, long inputs, int threads = 0)
    {
        MatrixShape.RowBytes(TFormat.Descriptor, outputs, inputs);
        MatrixShape.CheckCount(nameof(weights), weights.Length, checked(outputs * inputs));
        fixed (float* first = weights)
        {
            return Quantize(first, inputs, outputs, inputs, threads);
        }
    }

    /// <summary>Quantizes weights.</summary>
    /// <param name="weights">Finite weights, row r at <c>weights + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the rows overlap.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="EncoderMissingException">The format has no encoder.</exception>
    public static QuantizedMatrix<TFormat> Quantize(float* weights, long stride, long outputs, long inputs, int threads = 0)
    {
        EncoderMissingException.ThrowIfMissing(TFormat.Descriptor);
        MatrixShape.RowBytes(TFormat.Descriptor, outputs, inputs);
        CheckWeights(weights, stride, outputs, inputs, threads);
        QuantizedMatrix<TFormat> matrix = new(outputs, inputs);
        matrix.Fill(weights, stride, threads);
        return matrix;
    }

    /// <summary>Copies stored weights.</summary>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="blocks">Stored rows, exactly.</param>
    /// <param name="rowSides">Side parameters by row, empty where the format has none.</param>
    /// <param name="tensorSide">Side parameters of the matrix, empty where the format has none.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    public static QuantizedMatrix<TFormat> FromBlocks(
        long outputs, long inputs, ReadOnlySpan<byte> blocks, ReadOnlySpan<byte> rowSides = default, ReadOnlySpan<byte> tensorSide = default)
    {
        fixed (byte* first = blocks, firstSide = rowSides, tensor = tensorSide)
        {
            return FromBlocks(outputs, inputs, Borrow(first, blocks.Length, firstSide, rowSides.Length, tensor, tensorSide.Length));
        }
    }

    /// <summary>Copies stored weights of any size.</summary>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="weights">Where they are. Their owner is not disposed.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    public static QuantizedMatrix<TFormat> FromBlocks(long outputs, long inputs, in BorrowedWeights weights)
    {
        MatrixShape.CheckLengths(TFormat.Descriptor, outputs, inputs, weights.BlockBytes, weights.RowSideBytes, weights.TensorSideBytes);
        QuantizedMatrix<TFormat> matrix = new(outputs, inputs);
        matrix.CopyFrom(weights);
        return matrix;
    }

    /// <summary>Makes a matrix over stored weights where they are.</summary>
    /// <param name="outputs">Rows O, 0 or more.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="weights">Where they are. Their owner is disposed with the matrix, or stays with the caller if this method throws.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or a length differs.</exception>
    /// <exception cref="ArgumentNullException">An address is null though its length is not zero.</exception>
    public static QuantizedMatrix<TFormat> ViewBlocks(long outputs, long inputs, in BorrowedWeights weights) => new(outputs, inputs, weights);

    /// <summary>Copies packed weights. The matrix has no stored rows.</summary>
    /// <param name="packed">What <see cref="QuantizedMatrix.SavePacked(Span{byte})"/> wrote, exactly.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    public static QuantizedMatrix<TFormat> LoadPacked(ReadOnlySpan<byte> packed, KernelTarget? target = null) =>
        new(PackedWeights.Copy(TFormat.Descriptor, packed, target));

    /// <summary>Maps a file of packed weights and uses them in place. The matrix has no stored rows.</summary>
    /// <param name="path">The file; it must not be changed while the matrix is in use.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether to read all of the file and check its checksum; the header is checked in any case.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="System.IO.IOException">The file cannot be opened or mapped.</exception>
    public static QuantizedMatrix<TFormat> OpenPacked(string path, KernelTarget? target = null, bool verify = true) =>
        new(PackedWeights.Open(TFormat.Descriptor, path, target, verify));
}
