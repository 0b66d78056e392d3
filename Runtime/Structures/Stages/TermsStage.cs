using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>A sum of weights: <c>y = W_0 x + W_1 x + …</c>, the terms added in their order.</summary>
/// <param name="terms">The terms, at least two, over the same columns.</param>
internal sealed unsafe class TermsStage(Stage[] terms) : Stage
{
    private readonly long _inputs = terms[0].Inputs;

    public override IEnumerable<CellStage> Cells => terms.SelectMany(static term => term.Cells);

    public override long Inputs => _inputs;

    public override long RowScratch
    {
        get
        {
            long most = 0;
            foreach (Stage term in terms)
            {
                most = long.Max(most, term.RowScratch);
            }

            return _inputs + most;
        }
    }

    // The terms use the same scratch one after another; only the last may overwrite the activations.
    public override long ScratchBytes(long rows, long outputs, bool ownsInput)
    {
        long most = 0;
        for (int t = 0; t < terms.Length; t++)
        {
            most = long.Max(most, terms[t].ScratchBytes(rows, outputs, ownsInput && t == terms.Length - 1));
        }

        return StageRows.Bytes(rows, outputs) + most;
    }

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch)
    {
        StageRows addend = StageRows.ResultsInScratch(scratch, product);
        byte* rest = scratch + StageRows.Bytes(product.PartRows, product.PartOutputs);
        StageRows kept = new(x.Pointer, x.Stride, isScratch: false);
        terms[0].Multiply(product, kept, y, rest);
        for (int t = 1; t < terms.Length; t++)
        {
            terms[t].Multiply(product, t == terms.Length - 1 ? x : kept, addend, rest);
            StagePasses.AddOutputs(product, addend, y);
        }
    }

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target)
    {
        float* rest = scratch + _inputs;
        terms[0].DecodeRow(row, weights, rest, target);
        for (int t = 1; t < terms.Length; t++)
        {
            terms[t].DecodeRow(row, scratch, rest, target);
            RowLoops.Add(scratch, weights, _inputs);
        }
    }
}
