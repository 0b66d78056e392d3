using System;

namespace KernelGen;

/// <summary>Dequantizes rows from packed panels: the bits the stored rows give.</summary>
internal static unsafe class PanelRows
{
    /// <summary>Inputs decoded at once, before rounding to whole blocks: the rows of a panel then fit the second cache beside the panel.</summary>
    private const int StretchInputs = 1024;

    /// <summary>Dequantizes rows [first, first + count).</summary>
    /// <param name="panels">The panels.</param>
    /// <param name="tensorSide">The side parameters of the matrix.</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="first">First row.</param>
    /// <param name="count">Rows.</param>
    /// <param name="weights">Where row <paramref name="first"/> + r goes: <c>weights + r * stride</c>.</param>
    /// <param name="stride">From one row to the next, in floats.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    public static void Dequantize(PackedPanels panels, byte* tensorSide, long inputs, long first, long count, float* weights, long stride, int threads)
    {
        PanelLayout layout = panels.Layout;
        WorkerPool pool = WorkerPool.Shared;
        Work work = new()
        {
            Panels = panels,
            TensorSide = tensorSide,
            Inputs = inputs,
            First = first,
            End = first + count,
            Weights = weights,
            Stride = stride,
            FirstPanel = first / layout.Rows,
            StretchBlocks = Math.Min(layout.Blocks(inputs), Math.Max(1, StretchInputs / layout.BlockInputs)),
        };
        work.OwnFloats = checked(work.StretchBlocks * layout.BlockInputs * layout.Rows);
        NativeBuffer scratch = ScratchCache.Rent(checked(work.OwnFloats * sizeof(float) * pool.Limit(threads)));
        try
        {
            work.Scratch = (float*)scratch.Pointer;
            pool.Run(work, ((first + count - 1) / layout.Rows) - work.FirstPanel + 1, threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is a panel.</summary>
    private struct Work : IRangeWork
    {
        public PackedPanels Panels;
        public byte* TensorSide;
        public long Inputs;
        public long First;
        public long End;
        public float* Weights;
        public long Stride;
        public long FirstPanel;
        public long StretchBlocks;
        public long OwnFloats;
        public float* Scratch;

        public readonly void Run(long first, long end, int participant)
        {
            PanelLayout layout = Panels.Layout;
            float* tile = Scratch + (participant * OwnFloats);
            long blocks = layout.Blocks(Inputs);
            for (long panel = FirstPanel + first; panel < FirstPanel + end; panel++)
            {
                byte* bytes = Panels.Pointer + (panel * layout.PanelBytes(Inputs));
                for (long block = 0; block < blocks; block += StretchBlocks)
                {
                    long count = Math.Min(StretchBlocks, blocks - block);
                    Panels.Kernels.DecodeFloat32(bytes, TensorSide, block, count, tile, layout.Rows);
                    Copy(panel * layout.Rows, layout.Rows, tile, block * layout.BlockInputs, count * layout.BlockInputs);
                }
            }
        }

        private readonly void Copy(long firstRow, int rows, float* tile, long firstInput, long count)
        {
            count = Math.Min(count, Inputs - firstInput);
            for (long row = Math.Max(firstRow, First); row < Math.Min(firstRow + rows, End); row++)
            {
                float* to = Weights + ((row - First) * Stride) + firstInput;
                float* from = tile + (row - firstRow);
                for (long i = 0; i < count; i++)
                {
                    to[i] = from[i * rows];
                }
            }
        }
    }
}
