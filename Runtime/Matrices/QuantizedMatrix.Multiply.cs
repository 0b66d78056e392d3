using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <content>
/// Products. Numeric contract: with <see cref="ComputeMode.Int8"/> activations are quantized as <see cref="ActivationPacker"/>
/// says, or in a declared format by its own encoder, integer sums are exact, and scaled sums are added in f32 in an order that depends on the format and on whether the
/// matrix is packed for the target and M is 1 (or, not packed, 1 or 2) or more. With <see cref="ComputeMode.Float32"/> decoded weights and
/// activations are multiplied in f32 with fused multiply-add, in stretches of about 512 inputs. Within one such case the bits
/// of an element do not depend on threads, on the output rectangle, nor on other rows. A NaN or an infinity among the
/// activations makes the products of its row NaN or infinite (in int8 mode NaN) and no other row's. An epilogue is applied to each element
/// once, in f32, after its sum is complete; it changes nothing of the above.
/// </content>
public unsafe partial class QuantizedMatrix
{
    private const long OperationsPerThread = 1 << 18;

    /// <summary>Computes Y[rows, O] = X[rows, I] * W^T.</summary>
    /// <param name="activations">X, rows * <see cref="Inputs"/> floats, row after row.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, rows * <see cref="Outputs"/> floats, row after row; no part of X.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A length does not fit, or the output overlaps the activations.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(ReadOnlySpan<float> activations, int rows, Span<float> output, MultiplyOptions options = default) =>
        Multiply(activations, rows, output, default(NoEpilogue), options);

    /// <summary>Computes Y[rows, O] = X[rows, I] * W^T.</summary>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, row m at <c>output + m * outputStride</c>; overlaps nothing of X.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size or stride does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(float* activations, long activationStride, long rows, float* output, long outputStride, MultiplyOptions options = default) =>
        Multiply(activations, activationStride, rows, output, outputStride, new OutputRectangle(0, rows, 0, Outputs), default(NoEpilogue), options);

    /// <summary>Computes a rectangle of Y[rows, O] = X[rows, I] * W^T, with the bits the whole product has there.</summary>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>; only the rectangle's rows are read.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M of the whole product, 0 or more.</param>
    /// <param name="output">Y: element (m, n) at <c>output + m * outputStride + n</c>; only the rectangle is written.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="part">The rectangle; an empty one is no work.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size, stride or the rectangle does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(
        float* activations, long activationStride, long rows, float* output, long outputStride, OutputRectangle part, MultiplyOptions options = default) =>
        Multiply(activations, activationStride, rows, output, outputStride, part, default(NoEpilogue), options);

    /// <summary>Computes Y[rows, O] = epilogue(X[rows, I] * W^T).</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="activations">X, rows * <see cref="Inputs"/> floats, row after row.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, rows * <see cref="Outputs"/> floats, row after row; no part of X nor of what the epilogue reads.</param>
    /// <param name="epilogue">What is done to every output once its sum is complete.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A length does not fit, or the output overlaps the activations.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply<TEpilogue>(
        ReadOnlySpan<float> activations, int rows, Span<float> output, TEpilogue epilogue, MultiplyOptions options = default)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        MatrixShape.CheckRows(rows);
        MatrixShape.CheckCount(nameof(activations), activations.Length, checked(rows * Inputs));
        MatrixShape.CheckCount(nameof(output), output.Length, checked(rows * Outputs));
        MatrixShape.CheckApart(activations, output);
        fixed (float* x = activations, y = output)
        {
            Multiply(x, Inputs, rows, y, Outputs, new OutputRectangle(0, rows, 0, Outputs), epilogue, options);
        }
    }

    /// <summary>Computes Y[rows, O] = epilogue(X[rows, I] * W^T).</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, row m at <c>output + m * outputStride</c>; overlaps nothing of X nor of what the epilogue reads.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="epilogue">What is done to every output once its sum is complete.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size, a stride or what the epilogue reads does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply<TEpilogue>(
        float* activations, long activationStride, long rows, float* output, long outputStride, TEpilogue epilogue, MultiplyOptions options = default)
        where TEpilogue : struct, IEpilogue<TEpilogue> =>
        Multiply(activations, activationStride, rows, output, outputStride, new OutputRectangle(0, rows, 0, Outputs), epilogue, options);

    /// <summary>Computes a rectangle of Y[rows, O] = epilogue(X[rows, I] * W^T), with the bits the whole product has there.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>; only the rectangle's rows are read.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M of the whole product, 0 or more.</param>
    /// <param name="output">Y: element (m, n) at <c>output + m * outputStride + n</c>; only the rectangle is written.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="part">The rectangle; an empty one is no work.</param>
    /// <param name="epilogue">What is done to every output once its sum is complete; it counts rows and outputs in the whole product.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size, stride, the rectangle or what the epilogue reads does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ActivationFormatException">The activations cannot be taken in the format that was asked for.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has panels only, and the target's kernels read another layout.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply<TEpilogue>(
        float* activations, long activationStride, long rows, float* output, long outputStride, OutputRectangle part, TEpilogue epilogue, MultiplyOptions options = default)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        MatrixShape.CheckRows(rows);
        MatrixShape.CheckPart(part, rows, Outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        if (options.Mode is not (ComputeMode.Int8 or ComputeMode.Float32))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Mode, "There is no such compute mode.");
        }

        long partRows = part.EndRow - part.FirstRow;
        long partOutputs = part.EndOutput - part.FirstOutput;
        MatrixShape.CheckStride(nameof(activationStride), activationStride, Inputs, partRows);
        MatrixShape.CheckStride(nameof(outputStride), outputStride, partOutputs, partRows);
        KernelSet kernels = TargetSelection.Select(Format, options.Target);
        ComputeMode mode = Format.HasInt8Kernels ? options.Mode : ComputeMode.Float32;
        FormatDescriptor? encoding = options.Activations ?? (mode == ComputeMode.Int8 ? Format.ActivationFormat : null);
        if (encoding is not null)
        {
            ActivationEncoding.Check(Format, encoding, mode, Inputs);
        }

        Enter();
        PackedPanels? panels = null;
        NativeBuffer? encoded = null;
        try
        {
            if (partRows == 0 || partOutputs == 0)
            {
                return;
            }

            ArgumentNullException.ThrowIfNull(activations);
            ArgumentNullException.ThrowIfNull(output);
            epilogue.Check(part);
            panels = HoldPanels();
            ProductContext product = Weights(kernels);
            product.Panels = panels?.Layout == kernels.Panel ? panels!.Pointer : null;
            if (product.Panels == null && !_hasRows)
            {
                throw RowsMissing($"A product by the {kernels.Target} kernels, which read panels of another layout,");
            }

            product.Pool = options.Pool ?? WorkerPool.Shared;
            product.Threads = product.Pool.Limit(options.Threads);
            if (options.Threads == 0)
            {
                double operations = (double)partRows * partOutputs * Inputs;
                product.Threads = (int)Math.Min(product.Threads, 1 + (operations / OperationsPerThread));
            }

            product.Activations = activations;
            product.ActivationStride = activationStride;
            product.Rows = rows;
            product.Output = output;
            product.OutputStride = outputStride;
            product.Part = part;
            encoded = encoding is null ? null : ActivationEncoding.Encode(ref product, encoding, mode);
            Dispatch(product, mode, epilogue);
        }
        finally
        {
            if (encoded is not null)
            {
                ScratchCache.Return(encoded);
            }

            panels?.Release();
            Leave();
        }
    }

    // By M of the whole product, not of the rectangle: the way taken fixes the order of sums.
    private static void Dispatch<TEpilogue>(in ProductContext product, ComputeMode mode, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        if (product.Panels == null && product.Rows <= 2)
        {
            RowDots.Run(product, mode, epilogue);
        }
        else if (mode == ComputeMode.Float32 && Float32Gemv.Serves(product))
        {
            Float32Gemv.Run(product, epilogue);
        }
        else if (mode == ComputeMode.Float32)
        {
            Float32Tiles.Run(product, epilogue);
        }
        else if (product.Panels != null && product.Rows <= PackedGemv.MostRows)
        {
            PackedGemv.Run(product, epilogue);
        }
        else
        {
            Int8Tiles.Run(product, epilogue);
        }
    }
}
