using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <summary>
/// Activation rows times weights in int8: each panel is decoded once into a tile, past which all blocks of packed activation
/// rows are taken.
/// </summary>
internal static unsafe class Int8Tiles
{
    private const long ActivationCacheBytes = 2 << 20;

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">The product.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        PanelLayout panel = product.Kernels.Panel;
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue };
        work.PanelBytes = panel.PanelBytes(product.Inputs);
        work.PanelBlocks = panel.Blocks(product.Inputs);
        work.FirstPanel = product.Part.FirstOutput / panel.Rows;
        work.PanelCount = ((product.Part.EndOutput + panel.Rows - 1) / panel.Rows) - work.FirstPanel;
        work.RowBlocks = new RowBlocks(KernelTable.Int8Heights(product.Kernels), product.PartRows);
        work.PackedRowBytes = product.Format.Activations.RowBytes(product.Inputs);
        work.Parts = RowParts.Count(work.RowBlocks, work.PackedRowBytes, ActivationCacheBytes, work.PanelCount, product.Threads);

        ScratchLayout own = default;
        own.Add(checked(work.PanelBlocks * panel.Int8TileBytes));
        work.ScalesOffset = own.Add(checked(work.PanelBlocks * panel.Int8ScaleBytes));
        work.EdgeOffset = own.Add(work.RowBlocks.Tallest * panel.Rows * sizeof(float));
        work.PanelOffset = own.Add(product.Panels == null ? work.PanelBytes : 0);
        work.OwnBytes = own.Bytes;

        ScratchLayout all = default;
        all.Add(checked(work.PackedRowBytes * product.PartRows));
        work.OwnOffset = all.Add(checked(work.OwnBytes * product.Threads));

        NativeBuffer scratch = ScratchCache.Rent(all.Bytes);
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
            product.Pool.Run(pack, work.RowBlocks.Count, product.Threads);
            product.Pool.Run(work, work.PanelCount * work.Parts, product.Threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is one panel for one part of the rows; the panels of a part follow one another.</summary>
    private struct Work<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public ProductContext Product;
        public RowBlocks RowBlocks;
        public byte* Scratch;
        public long PackedRowBytes;
        public long OwnOffset;
        public long OwnBytes;
        public long ScalesOffset;
        public long EdgeOffset;
        public long PanelOffset;
        public long PanelBytes;
        public long PanelBlocks;
        public long FirstPanel;
        public long PanelCount;
        public long Parts;

        public readonly void Run(long first, long end, int participant)
        {
            ref readonly ProductContext p = ref Product;
            byte* own = Scratch + OwnOffset + (participant * OwnBytes);
            byte* panel = null;
            long decoded = -1;
            for (long item = first; item < end; item++)
            {
                long index = FirstPanel + (item % PanelCount);
                if (index != decoded)
                {
                    panel = p.Panel(index, PanelBytes, own + PanelOffset);
                    p.Kernels.DecodeInt8(panel, PanelBlocks, own, own + ScalesOffset);
                    decoded = index;
                }

                Multiply(index, panel, own, item / PanelCount);
            }
        }

        private readonly void Multiply(long index, byte* panel, byte* own, long part)
        {
            ref readonly ProductContext p = ref Product;
            int rows = p.Kernels.Panel.Rows;
            long firstOutput = Math.Max(index * rows, p.Part.FirstOutput);
            long endOutput = Math.Min((index + 1) * rows, p.Part.EndOutput);
            bool whole = endOutput - firstOutput == rows;
            float* edge = (float*)(own + EdgeOffset);
            float* output = p.Output + (p.Part.FirstRow * p.OutputStride) + firstOutput;
            Int8TileKernel kernel = default;
            long endBlock = RowParts.First(RowBlocks.Count, part + 1, Parts);
            for (long block = RowParts.First(RowBlocks.Count, part, Parts); block < endBlock; block++)
            {
                int height = RowBlocks.Get(block, out long row);
                kernel = kernel.Rows == height ? kernel : KernelTable.Int8(p.Kernels, height);
                byte* activations = Scratch + (row * PackedRowBytes);
                float* y = output + (row * p.OutputStride);
                if (whole)
                {
                    kernel.Kernel(panel, own, own + ScalesOffset, PanelBlocks, activations, y, p.OutputStride);
                }
                else
                {
                    kernel.Kernel(panel, own, own + ScalesOffset, PanelBlocks, activations, edge, rows);
                    EdgeCopy.Store(edge + (firstOutput - (index * rows)), rows, y, p.OutputStride, height, endOutput - firstOutput);
                }

                EpilogueDriver.Apply(Epilogue, y, p.OutputStride, p.Part.FirstRow + row, height, firstOutput, endOutput - firstOutput);
            }
        }
    }
}
