using System.Collections.Generic;

namespace KernelGen;

/// <summary>The core: a dense matrix in a format of one cell, multiplied by the format's generated kernels.</summary>
/// <param name="matrix">The matrix.</param>
/// <param name="rows">The stored row of every output, or null where rows are stored in the order of the outputs.</param>
/// <param name="shared">The parameters that several outputs share, which are stored apart from the blocks.</param>
internal sealed unsafe class CellStage(QuantizedMatrix matrix, int[]? rows = null, params SharedParameter[] shared) : Stage
{
    /// <summary>The matrix.</summary>
    public QuantizedMatrix Matrix => matrix;


    public override IEnumerable<CellStage> Cells => [this];

    public override long Inputs => matrix.Inputs;

    public override long RowScratch => 0;

    public override long ScratchBytes(long rows, long outputs, bool ownsInput) => 0;

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch) =>
        matrix.Multiply(x.Pointer, x.Stride, product.Rows, y.Pointer, y.Stride, product.Part, product.Options);

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target) =>
        matrix.DequantizeRows(row, 1, weights, matrix.Inputs, 1, target);

    /// <summary>Writes the stored rows in their stored order, without what is stored apart.</summary>
    /// <param name="blocks">Where they go.</param>
    public void StoreBlocks(byte* blocks) => SharedEntries.Strip(matrix, shared, rows, blocks);
}
