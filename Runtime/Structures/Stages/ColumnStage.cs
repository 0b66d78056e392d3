using System.Collections.Generic;

namespace KernelGen;

/// <summary>A scale and a minimum per input: <c>y = W (x ∘ scale) + (x · min) 1</c>.</summary>
/// <param name="weight">W.</param>
/// <param name="scale">The scales of the stage's columns, or null.</param>
/// <param name="min">The minima of the stage's columns, or null.</param>
internal sealed unsafe class ColumnStage(Stage weight, PinnedVector? scale, PinnedVector? min) : Stage
{
    private readonly long _inputs = weight.Inputs;

    public override IEnumerable<QuantizedMatrix> Matrices => weight.Matrices;

    public override long Inputs => _inputs;

    public override long RowScratch => weight.RowScratch;

    public override long ScratchBytes(long rows, long outputs, bool ownsInput) => SumBytes(rows)
        + (scale is null
            ? weight.ScratchBytes(rows, outputs, ownsInput)
            : StagePasses.ScaleBytes(rows, _inputs, ownsInput) + weight.ScratchBytes(rows, outputs, ownsInput: true));

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch)
    {
        // The sums first: scaling may be in place.
        float* sums = (float*)scratch;
        scratch += SumBytes(product.PartRows);
        if (min is not null)
        {
            StagePasses.SumInputs(product, x, min, _inputs, sums);
        }

        if (scale is null)
        {
            weight.Multiply(product, x, y, scratch);
        }
        else
        {
            StageRows scaled = StagePasses.ScaleInputs(product, x, scale, _inputs, scratch);
            weight.Multiply(product, scaled, y, scratch + StagePasses.ScaleBytes(product.PartRows, _inputs, x.IsScratch));
        }

        if (min is not null)
        {
            StagePasses.ShiftOutputs(product, sums, y);
        }
    }

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target)
    {
        weight.DecodeRow(row, weights, scratch, target);
        if (scale is not null)
        {
            RowLoops.Multiply(weights, scale.Pointer, weights, _inputs);
        }

        if (min is not null)
        {
            RowLoops.Add(min.Pointer, weights, _inputs);
        }
    }

    private long SumBytes(long rows) => min is null ? 0 : StageRows.Bytes(1, rows);
}
