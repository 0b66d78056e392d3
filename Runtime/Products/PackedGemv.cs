using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <summary>One activation row, int8, times packed weights.</summary>
internal static unsafe class PackedGemv
{
    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">The product; its weights are packed and it has one row.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        PanelLayout panel = product.Kernels.Panel;
        ScratchLayout layout = default;
        layout.Add(product.Format.Activations.RowBytes(product.Inputs));
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue };
        work.EdgeOffset = layout.Add(checked((long)panel.Rows * sizeof(float) * product.Threads));
        work.PanelBytes = panel.PanelBytes(product.Inputs);
        work.PanelBlocks = panel.Blocks(product.Inputs);
        work.FirstPanel = product.Part.FirstOutput / panel.Rows;
        long endPanel = (product.Part.EndOutput + panel.Rows - 1) / panel.Rows;

        NativeBuffer scratch = ScratchCache.Rent(layout.Bytes);
        try
        {
            work.Scratch = scratch.Pointer;
            ActivationPacker.PackInt8(product.Format.Activations, product.PartActivations, 0, 1, 1, product.Inputs, work.Scratch);
            product.Pool.Run(work, endPanel - work.FirstPanel, product.Threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is a panel.</summary>
    private struct Work<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public ProductContext Product;
        public byte* Scratch;
        public long EdgeOffset;
        public long PanelBytes;
        public long PanelBlocks;
        public long FirstPanel;

        public readonly void Run(long first, long end, int participant)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            float* y = p.Output + (p.Part.FirstRow * p.OutputStride);
            long panel = FirstPanel + first;
            long endPanel = FirstPanel + end;

            // Panels at the rectangle's edges are computed whole, beside the output.
            if (panel < endPanel && panel * rows < p.Part.FirstOutput)
            {
                Edge(panel++, y, participant);
            }

            bool lastIsEdge = panel < endPanel && endPanel * rows > p.Part.EndOutput;
            long whole = endPanel - panel - (lastIsEdge ? 1 : 0);
            long stretch = TEpilogue.IsIdentity ? whole : EpilogueDriver.StretchOutputs / rows;
            for (long count; whole > 0; whole -= count, panel += count)
            {
                count = Math.Min(whole, stretch);
                p.Kernels.GemvInt8(p.Panels + (panel * PanelBytes), PanelBytes, count, PanelBlocks, Scratch, y + (panel * rows));
                EpilogueDriver.Apply(Epilogue, y + (panel * rows), 0, p.Part.FirstRow, 1, panel * rows, count * rows);
            }

            if (lastIsEdge)
            {
                Edge(endPanel - 1, y, participant);
            }
        }

        private readonly void Edge(long panel, float* y, int participant)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            float* edge = (float*)(Scratch + EdgeOffset) + ((long)participant * rows);
            p.Kernels.GemvInt8(p.Panels + (panel * PanelBytes), PanelBytes, 1, PanelBlocks, Scratch, edge);
            long first = Math.Max(panel * rows, p.Part.FirstOutput);
            long end = Math.Min((panel + 1) * rows, p.Part.EndOutput);
            for (long n = first; n < end; n++)
            {
                y[n] = edge[n - (panel * rows)];
            }

            EpilogueDriver.Apply(Epilogue, y + first, 0, p.Part.FirstRow, 1, first, end - first);
        }
    }
}
