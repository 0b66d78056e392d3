using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <summary>
/// Few activation rows times packed weights in f32, of formats that have no int8 kernels, or approximate ones of a stored table: kernels read the panels themselves, once for each row of activations; those of an
/// item stay in the cache. The bits are those of <see cref="Float32Tiles"/>.
/// </summary>
internal static unsafe class Float32Gemv
{
    /// <summary>Panels of an item, which the kernels walk side by side.</summary>
    private const int ItemPanels = 4;

    /// <summary>Whether a product can be taken so.</summary>
    /// <param name="product">The product.</param>
    /// <returns>Whether its weights are packed, of such a format, and its rows few.</returns>
    public static bool Serves(in ProductContext product) =>
        product.Panels != null && product.Rows <= product.Kernels.Float32GemvRows;

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">A product that is served.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        int rows = product.Kernels.Panel.Rows;
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue, PanelBytes = product.Kernels.Panel.PanelBytes(product.Inputs) };
        work.FirstPanel = product.Part.FirstOutput / rows;
        work.EndPanel = (product.Part.EndOutput + rows - 1) / rows;
        work.EdgeFloats = ItemPanels * rows;
        ScratchLayout layout = default;
        layout.Add(checked((long)work.EdgeFloats * sizeof(float) * product.Threads));
        NativeBuffer scratch = ScratchCache.Rent(layout.Bytes);
        try
        {
            work.Edges = (float*)scratch.Pointer;
            product.Pool.Run(work, (work.EndPanel - work.FirstPanel + ItemPanels - 1) / ItemPanels, product.Threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is a few panels.</summary>
    private struct Work<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public ProductContext Product;
        public float* Edges;
        public int EdgeFloats;
        public long PanelBytes;
        public long FirstPanel;
        public long EndPanel;

        public readonly void Run(long first, long end, int participant)
        {
            for (long item = first; item < end; item++)
            {
                long panel = FirstPanel + (item * ItemPanels);
                Panels(panel, Math.Min(ItemPanels, EndPanel - panel), Edges + ((long)participant * EdgeFloats));
            }
        }

        private readonly void Panels(long panel, long count, float* edge)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            long first = Math.Max(panel * rows, p.Part.FirstOutput);
            long end = Math.Min((panel + count) * rows, p.Part.EndOutput);
            bool whole = end - first == count * rows;
            for (int row = 0; row < p.PartRows; row++)
            {
                float* y = p.Output + ((p.Part.FirstRow + row) * p.OutputStride) + first;
                float* x = p.PartActivations + (row * p.ActivationStride);

                // Panels at the rectangle's edges are computed whole, beside the output.
                p.Kernels.GemvFloat32(p.Panels + (panel * PanelBytes), PanelBytes, count, p.TensorSide, p.Inputs, x, whole ? y : edge);
                if (!whole)
                {
                    EdgeCopy.Store(edge + (first - (panel * rows)), count * rows, y, p.OutputStride, 1, end - first);
                }

                EpilogueDriver.Apply(Epilogue, y, p.OutputStride, p.Part.FirstRow + row, 1, first, end - first);
            }
        }
    }
}
