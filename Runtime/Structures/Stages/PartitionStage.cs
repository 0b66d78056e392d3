using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KernelGen;

/// <summary>Columns divided among parts: <c>y = Σ W_p x[columns of p]</c>, the parts added in their order.</summary>
/// <param name="inputs">Columns of all parts.</param>
/// <param name="parts">The parts that have columns, at least one, each with its columns in a pinned array.</param>
internal sealed unsafe class PartitionStage(long inputs, (Stage Stage, int[] Columns)[] parts) : Stage
{
    public override IEnumerable<CellStage> Cells => parts.SelectMany(static part => part.Stage.Cells);

    public override long Inputs => inputs;

    public override long RowScratch
    {
        get
        {
            long most = 0;
            foreach ((Stage stage, int[] columns) in parts)
            {
                most = long.Max(most, columns.Length + stage.RowScratch);
            }

            return most;
        }
    }

    // The parts use the same scratch one after another.
    public override long ScratchBytes(long rows, long outputs, bool ownsInput)
    {
        long most = 0;
        foreach ((Stage stage, int[] columns) in parts)
        {
            most = long.Max(most, StageRows.Bytes(rows, columns.Length) + stage.ScratchBytes(rows, outputs, ownsInput: true));
        }

        return TermBytes(rows, outputs) + most;
    }

    public override void Multiply(in StageProduct product, in StageRows x, in StageRows y, byte* scratch)
    {
        StageRows term = y;
        byte* rest = scratch + TermBytes(product.PartRows, product.PartOutputs);
        foreach ((Stage stage, int[] columns) in parts)
        {
            StageRows taken = StagePasses.Gather(product, x, Pointer(columns), columns.Length, rest);
            stage.Multiply(product, taken, term, rest + StageRows.Bytes(product.PartRows, columns.Length));
            if (stage != parts[0].Stage)
            {
                StagePasses.AddOutputs(product, term, y);
            }

            term = StageRows.ResultsInScratch(scratch, product);
        }
    }

    public override void DecodeRow(long row, float* weights, float* scratch, KernelTarget? target)
    {
        foreach ((Stage stage, int[] columns) in parts)
        {
            stage.DecodeRow(row, scratch, scratch + columns.Length, target);
            RowLoops.Scatter(scratch, Pointer(columns), weights, columns.Length);
        }
    }

    private static int* Pointer(int[] pinned) => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    private long TermBytes(long rows, long outputs) => parts.Length == 1 ? 0 : StageRows.Bytes(rows, outputs);
}
