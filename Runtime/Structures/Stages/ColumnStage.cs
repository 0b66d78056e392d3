using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// A zero point, a scale and a minimum per input, for all outputs or for every group of consecutive ones:
/// <c>y = W (x ∘ scale) + (x · min - (x ∘ scale) · zero) 1</c>.
/// </summary>
/// <param name="weight">W.</param>
/// <param name="group">Outputs of a group.</param>
/// <param name="isSingle">Whether one group is all outputs.</param>
/// <param name="scale">The scales of the stage's columns, group after group, or null.</param>
/// <param name="min">The minima likewise, or null.</param>
/// <param name="zero">The zero points likewise, or null.</param>
internal sealed unsafe class ColumnStage(Stage weight, long group, bool isSingle, PinnedVector? scale, PinnedVector? min, PinnedVector? zero) : Stage
{
    private readonly long _inputs = weight.Inputs;

    public override IEnumerable<CellStage> Cells => weight.Cells;

    public override long Inputs => _inputs;

    public override long RowScratch => weight.RowScratch;

    // Several groups scale the same activations, each anew, so only a single one may overwrite them.
    public override long ScratchBytes(long rows, long outputs, bool ownsInput) => (2 * SumBytes(rows)) + (scale is null
        ? weight.ScratchBytes(rows, outputs, ownsInput && isSingle)
        : StagePasses.ScaleBytes(rows, _inputs, ownsInput && isSingle) + weight.ScratchBytes(rows, outputs, ownsInput: true));

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch)
    {
        OutputRectangle part = product.Part;
        long first = part.FirstOutput / group;
        long end = (part.EndOutput + group - 1) / group;
        for (long g = first; g < end; g++)
        {
            StageProduct own = product with
            {
                Part = part with { FirstOutput = long.Max(part.FirstOutput, g * group), EndOutput = long.Min(part.EndOutput, (g + 1) * group) },
            };
            Multiply(own, g * _inputs, isSingle ? x : new StageRows(x.Pointer, x.Stride, isScratch: false), y, scratch);
        }
    }

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target)
    {
        long at = row / group * _inputs;
        weight.DecodeRow(row, weights, scratch, target);
        if (zero is not null)
        {
            RowLoops.Subtract(zero.Pointer + at, weights, _inputs);
        }

        if (scale is not null)
        {
            RowLoops.Multiply(weights, scale.Pointer + at, weights, _inputs);
        }

        if (min is not null)
        {
            RowLoops.Add(min.Pointer + at, weights, _inputs);
        }
    }

    /// <summary>The product of one group's outputs, whose vectors start at <paramref name="at"/>.</summary>
    private void Multiply(in StageProduct product, long at, in StageRows x, in StageRows y, byte* scratch)
    {
        // The minimum's sums first: scaling may be in place.
        float* minima = (float*)scratch;
        float* zeros = (float*)(scratch + SumBytes(product.PartRows));
        scratch += 2 * SumBytes(product.PartRows);
        if (min is not null)
        {
            StagePasses.SumInputs(product, x, min.Pointer + at, _inputs, minima);
        }

        StageRows scaled = x;
        if (scale is not null)
        {
            scaled = StagePasses.ScaleInputs(product, x, scale.Pointer + at, _inputs, scratch);
            scratch += StagePasses.ScaleBytes(product.PartRows, _inputs, x.IsScratch);
        }

        // Before the core, which may overwrite what is scratch.
        if (zero is not null)
        {
            StagePasses.SumInputs(product, scaled, zero.Pointer + at, _inputs, zeros);
        }

        weight.Multiply(product, scaled, y, scratch);
        if (zero is not null)
        {
            StagePasses.ShiftOutputs(product, zeros, y, isNegative: true);
        }

        if (min is not null)
        {
            StagePasses.ShiftOutputs(product, minima, y, isNegative: false);
        }
    }

    private long SumBytes(long rows) => min is null && zero is null ? 0 : StageRows.Bytes(1, rows);
}
