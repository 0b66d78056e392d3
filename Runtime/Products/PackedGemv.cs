using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <summary>
/// Few activation rows, int8, times packed weights: the kernels decode the panels as they multiply. A panel that several kernels
/// take one after another stays in the cache.
/// </summary>
internal static unsafe class PackedGemv
{
    /// <summary>
    /// Most activation rows. With more it is cheaper to decode each panel into a tile (<see cref="Int8Tiles"/>); the bits are the same. See
    /// docs/performance.md.
    /// </summary>
    public const int MostRows = 16;

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">The product; its weights are packed and it has at most <see cref="MostRows"/> rows.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        PanelLayout panel = product.Kernels.Panel;
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue };
        work.PanelBytes = panel.PanelBytes(product.Inputs);
        work.PanelBlocks = panel.Blocks(product.Inputs);
        work.FirstPanel = product.Part.FirstOutput / panel.Rows;
        long endPanel = (product.Part.EndOutput + panel.Rows - 1) / panel.Rows;
        work.RowBlocks = new RowBlocks(KernelTable.GemvHeights(product.Kernels), product.PartRows);
        work.PackedRowBytes = product.Format.Activations.RowBytes(product.Inputs);
        ScratchLayout layout = default;
        layout.Add(checked(work.PackedRowBytes * product.PartRows));
        bool tables = product.Kernels.GemvTakesTables;
        work.ActivationRowBytes = tables ? ActivationTables.Bytes(product.Format.Activations, product.Inputs) : work.PackedRowBytes;
        work.ActivationOffset = tables ? layout.Add(checked(work.ActivationRowBytes * product.PartRows)) : 0;
        work.EdgeFloats = work.RowBlocks.Tallest * panel.Rows;
        work.EdgeOffset = layout.Add(checked((long)work.EdgeFloats * sizeof(float) * product.Threads));

        NativeBuffer scratch = ScratchCache.Rent(layout.Bytes);
        try
        {
            work.Scratch = scratch.Pointer;
            PackActivationsWork pack = new()
            {
                Layout = product.Format.Activations,
                Activations = product.PartActivations,
                Stride = product.ActivationStride,
                Encoded = product.Encoded,
                Inputs = product.Inputs,
                Blocks = work.RowBlocks,
                RowBytes = work.PackedRowBytes,
                Packed = work.Scratch,
            };
            pack.Run(0, work.RowBlocks.Count, 0);
            for (long row = 0; tables && row < product.PartRows; row++)
            {
                ActivationTables.Write(
                    product.Format.Activations,
                    work.Scratch + (row * work.PackedRowBytes),
                    product.Inputs,
                    work.Scratch + work.ActivationOffset + (row * work.ActivationRowBytes));
            }

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
        public RowBlocks RowBlocks;
        public byte* Scratch;
        public long PackedRowBytes;
        public long ActivationRowBytes;
        public long ActivationOffset;
        public long EdgeOffset;
        public int EdgeFloats;
        public long PanelBytes;
        public long PanelBlocks;
        public long FirstPanel;

        public readonly void Run(long first, long end, int participant)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            long panel = FirstPanel + first;
            long endPanel = FirstPanel + end;

            // Panels at the rectangle's edges are computed whole, beside the output.
            if (panel < endPanel && panel * rows < p.Part.FirstOutput)
            {
                Edge(panel++, participant);
            }

            Int8GemvKernel kernel = default;
            bool lastIsEdge = panel < endPanel && endPanel * rows > p.Part.EndOutput;
            long whole = endPanel - panel - (lastIsEdge ? 1 : 0);
            long stretch = RowBlocks.Count > 1 ? 1 : TEpilogue.IsIdentity ? whole : EpilogueDriver.StretchOutputs / rows;
            for (long count; whole > 0; whole -= count, panel += count)
            {
                count = Math.Min(whole, stretch);
                for (long block = 0; block < RowBlocks.Count; block++)
                {
                    int height = RowBlocks.Get(block, out long row);
                    float* y = Output(row) + (panel * rows);
                    kernel = kernel.Rows == height ? kernel : KernelTable.Gemv(p.Kernels, height);
                    Multiply(kernel, panel, count, row, y, p.OutputStride);
                    EpilogueDriver.Apply(Epilogue, y, p.OutputStride, p.Part.FirstRow + row, height, panel * rows, count * rows);
                }
            }

            if (lastIsEdge)
            {
                Edge(endPanel - 1, participant);
            }
        }

        private readonly void Edge(long panel, int participant)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            float* edge = (float*)(Scratch + EdgeOffset) + ((long)participant * EdgeFloats);
            long first = Math.Max(panel * rows, p.Part.FirstOutput);
            long end = Math.Min((panel + 1) * rows, p.Part.EndOutput);
            for (long block = 0; block < RowBlocks.Count; block++)
            {
                int height = RowBlocks.Get(block, out long row);
                float* y = Output(row) + first;
                Multiply(KernelTable.Gemv(p.Kernels, height), panel, 1, row, edge, rows);
                EdgeCopy.Store(edge + (first - (panel * rows)), rows, y, p.OutputStride, height, end - first);
                EpilogueDriver.Apply(Epilogue, y, p.OutputStride, p.Part.FirstRow + row, height, first, end - first);
            }
        }

        private readonly float* Output(long row) => Product.Output + ((Product.Part.FirstRow + row) * Product.OutputStride);

        private readonly void Multiply(Int8GemvKernel kernel, long panel, long count, long row, float* y, long ldy) => kernel.Kernel(
            Product.Panels + (panel * PanelBytes), PanelBytes, count, PanelBlocks, Scratch + ActivationOffset + (row * ActivationRowBytes), y, ldy);
    }
}
