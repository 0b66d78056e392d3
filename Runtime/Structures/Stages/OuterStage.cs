using System.Collections.Generic;

namespace KernelGen;

/// <summary>An outer product: <c>y = row ∘ (W (x ∘ column))</c>.</summary>
/// <param name="weight">W.</param>
/// <param name="row">The vector over the outputs, or null.</param>
/// <param name="column">The vector over the stage's columns, or null.</param>
internal sealed unsafe class OuterStage(Stage weight, PinnedVector? row, PinnedVector? column) : Stage
{
    private readonly long _inputs = weight.Inputs;

    public override IEnumerable<CellStage> Cells => weight.Cells;

    public override long Inputs => _inputs;

    public override long RowScratch => weight.RowScratch;

    public override long ScratchBytes(long rows, long outputs, bool ownsInput) => column is null
        ? weight.ScratchBytes(rows, outputs, ownsInput)
        : StagePasses.ScaleBytes(rows, _inputs, ownsInput) + weight.ScratchBytes(rows, outputs, ownsInput: true);

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch)
    {
        if (column is null)
        {
            weight.Multiply(product, x, y, scratch);
        }
        else
        {
            StageRows scaled = StagePasses.ScaleInputs(product, x, column.Pointer, _inputs, scratch);
            weight.Multiply(product, scaled, y, scratch + StagePasses.ScaleBytes(product.PartRows, _inputs, x.IsScratch));
        }

        if (row is not null)
        {
            StagePasses.ScaleOutputs(product, y, row);
        }
    }

    public override void DecodeRow(long index, float* weights, float* scratch, KernelTarget? target)
    {
        weight.DecodeRow(index, weights, scratch, target);
        if (row is null)
        {
            RowLoops.Multiply(weights, column!.Pointer, weights, _inputs);
        }
        else
        {
            RowLoops.MultiplyOuter(column is null ? null : column.Pointer, row.Pointer[index], weights, _inputs);
        }
    }
}
