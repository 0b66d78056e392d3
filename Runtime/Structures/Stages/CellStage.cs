using System.Collections.Generic;

namespace KernelGen;

/// <summary>The core: a dense matrix in a format of one cell, multiplied by the format's generated kernels.</summary>
internal sealed unsafe class CellStage(QuantizedMatrix matrix) : Stage
{
    public override IEnumerable<QuantizedMatrix> Matrices => [matrix];

    public override long Inputs => matrix.Inputs;

    public override long RowScratch => 0;

    public override long ScratchBytes(long rows, long outputs, bool ownsInput) => 0;

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch) =>
        matrix.Multiply(x.Pointer, x.Stride, product.Rows, y.Pointer, y.Stride, product.Part, product.Options);

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target) =>
        matrix.DequantizeRows(row, 1, weights, matrix.Inputs, 1, target);
}
