using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <content>
/// Products, in three stages: before the kernels, activations are gathered and multiplied by vectors over the inputs, one f32 rounding each;
/// the cells' kernels multiply as <see cref="QuantizedMatrix"/> does; after them, results are multiplied by vectors over the outputs, shifted by
/// x · min (summed in f64, rounded once), and the parts added in their order, one f32 rounding each. A norm computes mean and variance in f64 in a
/// fixed order and rounds once. So within one case of <see cref="QuantizedMatrix"/> the bits of an element do not depend on threads, on the
/// output rectangle, nor on other rows. With <see cref="ComputeMode.Int8"/> it is the scaled activations that are quantized.
/// </content>
public unsafe partial class StructuredMatrix
{
    /// <summary>Computes Y[rows, O] = X[rows, I] * W^T, normalized where the format says so.</summary>
    /// <param name="activations">X, rows * <see cref="Inputs"/> floats, row after row.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, rows * <see cref="Outputs"/> floats, row after row; no part of X.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A length does not fit, or the output overlaps the activations.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(ReadOnlySpan<float> activations, int rows, Span<float> output, MultiplyOptions options = default) =>
        Multiply(activations, rows, output, default(NoEpilogue), options);

    /// <summary>Computes Y[rows, O] = epilogue(X[rows, I] * W^T), the product normalized first where the format says so.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="activations">X, rows * <see cref="Inputs"/> floats, row after row.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, rows * <see cref="Outputs"/> floats, row after row; no part of X nor of what the epilogue reads.</param>
    /// <param name="epilogue">What is done to every output once it is complete.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A length does not fit, or the output overlaps the activations.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
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

    /// <summary>Computes Y[rows, O] = X[rows, I] * W^T, normalized where the format says so.</summary>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M, 0 or more.</param>
    /// <param name="output">Y, row m at <c>output + m * outputStride</c>; overlaps nothing of X.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size or stride does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(float* activations, long activationStride, long rows, float* output, long outputStride, MultiplyOptions options = default) =>
        Multiply(activations, activationStride, rows, output, outputStride, new OutputRectangle(0, rows, 0, Outputs), options);

    /// <summary>Computes a rectangle of Y[rows, O] = X[rows, I] * W^T, with the bits the whole product has there.</summary>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>; only the rectangle's rows are read.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M of the whole product, 0 or more.</param>
    /// <param name="output">Y: element (m, n) at <c>output + m * outputStride + n</c>; only the rectangle is written.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="part">The rectangle; an empty one is no work. Where the format has a norm it spans all outputs: the norm needs whole rows.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size, stride or the rectangle does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply(
        float* activations, long activationStride, long rows, float* output, long outputStride, OutputRectangle part, MultiplyOptions options = default) =>
        Multiply(activations, activationStride, rows, output, outputStride, part, default(NoEpilogue), options);

    /// <summary>Computes a rectangle of Y[rows, O] = epilogue(X[rows, I] * W^T), with the bits the whole product has there.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="activations">X, row m at <c>activations + m * activationStride</c>; only the rectangle's rows are read.</param>
    /// <param name="activationStride">From one row of X to the next, in floats.</param>
    /// <param name="rows">M of the whole product, 0 or more.</param>
    /// <param name="output">Y: element (m, n) at <c>output + m * outputStride + n</c>; only the rectangle is written.</param>
    /// <param name="outputStride">From one row of Y to the next, in floats.</param>
    /// <param name="part">The rectangle; an empty one is no work. Where the format has a norm it spans all outputs: the norm needs whole rows.</param>
    /// <param name="epilogue">What is done to every output once it is complete; it counts rows and outputs in the whole product.</param>
    /// <param name="options">How.</param>
    /// <exception cref="MatrixShapeException">A size, stride, the rectangle or what the epilogue reads does not fit.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void Multiply<TEpilogue>(
        float* activations, long activationStride, long rows, float* output, long outputStride, OutputRectangle part, TEpilogue epilogue, MultiplyOptions options = default)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        MatrixShape.CheckRows(rows);
        MatrixShape.CheckPart(part, rows, Outputs);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads);
        StageProduct product = new(rows, part, options);
        MatrixShape.CheckStride(nameof(activationStride), activationStride, Inputs, product.PartRows);
        MatrixShape.CheckStride(nameof(outputStride), outputStride, product.PartOutputs, product.PartRows);
        if (product.PartRows == 0 || product.PartOutputs == 0)
        {
            return;
        }

        if (Format.PostNorm is not null && product.PartOutputs != Outputs)
        {
            throw new MatrixShapeException(
                $"Outputs [{part.FirstOutput}, {part.EndOutput}) were asked for; {Format.Name} normalizes over all {Outputs} outputs, so a part of its product spans all of them. Ask for whole rows.",
                nameof(part));
        }

        ArgumentNullException.ThrowIfNull(activations);
        ArgumentNullException.ThrowIfNull(output);
        epilogue.Check(part);
        NativeBuffer scratch = ScratchCache.Rent(_stage.ScratchBytes(product.PartRows, product.PartOutputs, ownsInput: false));
        try
        {
            StageRows y = new(output, outputStride, isScratch: false);
            _stage.Multiply(product, new StageRows(activations, activationStride, isScratch: false), y, scratch.Pointer);
            if (Format.PostNorm is { } epsilon)
            {
                StagePasses.Normalize(product, y, epsilon);
            }

            if (!TEpilogue.IsIdentity)
            {
                product.RunRows(new EpilogueWork<TEpilogue> { Epilogue = epilogue, Output = y, Part = part }, product.PartOutputs);
            }
        }
        finally
        {
            ScratchCache.Return(scratch);
        }

        GC.KeepAlive(this);
    }

    /// <summary>An item is a row of the part.</summary>
    private struct EpilogueWork<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public StageRows Output;
        public OutputRectangle Part;

        public readonly void Run(long first, long end, int participant) => EpilogueDriver.Apply(
            Epilogue,
            Output.Row(Part.FirstRow + first) + Part.FirstOutput,
            Output.Stride,
            Part.FirstRow + first,
            end - first,
            Part.FirstOutput,
            Part.EndOutput - Part.FirstOutput);
    }
}
