using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// A loaded node of a structure: it multiplies activations with its weights, which cover some columns of the matrix, densely and in
/// order. What it does itself comes before its children (Pre: the activations are scaled, gathered, …) or after them (Post: their results
/// are scaled, shifted, added); the heavy work (Core) is the leaves'.
/// </summary>
/// <remarks>
/// A stage knows its children by this class only, so another kind (a sum of terms, a rotation, a low-rank term) is another class.
/// Scratch is one piece of memory: a stage takes its own from the front, as much as it said in <see cref="ScratchBytes"/>, and hands the rest
/// down.
/// </remarks>
internal abstract unsafe class Stage : IDisposable
{
    /// <summary>Columns the stage covers, at least 1.</summary>
    public abstract long Inputs { get; }

    /// <summary>The leaves below, the empty ones left out.</summary>
    public abstract IEnumerable<CellStage> Cells { get; }

    /// <summary>Floats of scratch that decoding a row takes.</summary>
    public abstract long RowScratch { get; }

    /// <summary>Bytes of scratch that a product takes, a multiple of <see cref="NativeBuffer.Alignment"/>.</summary>
    /// <param name="rows">Activation rows computed.</param>
    /// <param name="outputs">Outputs computed.</param>
    /// <param name="ownsInput">Whether the activations will be scratch that the stage may overwrite.</param>
    /// <returns>Bytes, those of the children included.</returns>
    public abstract long ScratchBytes(long rows, long outputs, bool ownsInput);

    /// <summary>Multiplies.</summary>
    /// <param name="product">How, and which part.</param>
    /// <param name="x">Activations of the stage's columns.</param>
    /// <param name="y">Where the results go; overwritten.</param>
    /// <param name="scratch">Scratch.</param>
    public abstract void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch);

    /// <summary>Decodes the stage's columns of one row: the same f32 bits on every target.</summary>
    /// <param name="row">The row.</param>
    /// <param name="weights">Where they go.</param>
    /// <param name="scratch">Scratch.</param>
    /// <param name="target">The kernels to run, or null to let <see cref="TargetSelection"/> choose.</param>
    public abstract void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target);

    /// <summary>Disposes the matrices.</summary>
    public void Dispose()
    {
        foreach (CellStage cell in Cells)
        {
            cell.Matrix.Dispose();
        }
    }
}

/// <summary>Rows of floats: row m of the whole product at <c>Pointer + m * Stride</c>; only those of the part are there.</summary>
/// <param name="pointer">Where row 0 is or would be.</param>
/// <param name="stride">Floats from one row to the next.</param>
/// <param name="isScratch">Whether a stage that reads them may overwrite them.</param>
internal readonly unsafe struct StageRows(float* pointer, long stride, bool isScratch)
{
    /// <summary>Where row 0 is or would be.</summary>
    public float* Pointer { get; } = pointer;

    /// <summary>Floats from one row to the next.</summary>
    public long Stride { get; } = stride;

    /// <summary>Whether a stage that reads them may overwrite them.</summary>
    public bool IsScratch { get; } = isScratch;

    /// <summary>Rows in scratch.</summary>
    /// <param name="memory">The first row of the part.</param>
    /// <param name="columns">Floats of a row.</param>
    /// <param name="product">The product.</param>
    /// <returns>The rows.</returns>
    public static StageRows InScratch(byte* memory, long columns, in StageProduct product)
    {
        long stride = StrideOf(columns);
        return new((float*)memory - (product.Part.FirstRow * stride), stride, true);
    }

    /// <summary>Rows of results in scratch, addressed like the product's own: output n of row m at Row(m) + n.</summary>
    /// <param name="memory">The first output of the part's first row.</param>
    /// <param name="product">The product.</param>
    /// <returns>The rows.</returns>
    public static StageRows ResultsInScratch(byte* memory, in StageProduct product)
    {
        StageRows rows = InScratch(memory, product.PartOutputs, product);
        return new(rows.Pointer - product.Part.FirstOutput, rows.Stride, true);
    }

    /// <summary>Bytes of rows in scratch.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Floats of a row.</param>
    /// <returns>Bytes.</returns>
    public static long Bytes(long rows, long columns) => checked(rows * StrideOf(columns) * sizeof(float));

    /// <summary>A row.</summary>
    /// <param name="row">Its number in the whole product.</param>
    /// <returns>Its first float.</returns>
    public float* Row(long row) => Pointer + (row * Stride);

    private static long StrideOf(long columns)
    {
        const int Floats = NativeBuffer.Alignment / sizeof(float);
        return checked(columns + Floats - 1) / Floats * Floats;
    }
}
