using System;
using KernelGen.Epilogues;
using System.Runtime.InteropServices;

namespace KernelGen;

/// <summary>
/// Activation rows times weights in f32: stretches of about 512 inputs of several panels are decoded into one tile, past which
/// all blocks of activation rows are taken; the output adds the stretches up in order.
/// </summary>
internal static unsafe class Float32Tiles
{
    /// <summary>Inputs of a stretch, before rounding to whole blocks. Part of the numeric contract: it fixes the order of sums.</summary>
    internal const int StretchInputs = 512;

    private const long ActivationCacheBytes = 4 << 20;

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">The product.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        PanelLayout panel = product.Kernels.Panel;
        int tileRows = product.Kernels.Float32TileRows;
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue };
        work.PanelBytes = panel.PanelBytes(product.Inputs);
        work.PanelBlocks = panel.Blocks(product.Inputs);
        work.StretchBlocks = Math.Max(1, StretchInputs / panel.BlockInputs);
        work.GroupRows = Math.Max(tileRows, panel.Rows);
        work.FirstGroup = product.Part.FirstOutput / work.GroupRows;
        work.GroupCount = ((product.Part.EndOutput + work.GroupRows - 1) / work.GroupRows) - work.FirstGroup;
        work.RowBlocks = new RowBlocks(KernelTable.Float32Heights(product.Kernels), product.PartRows);
        long packedRowBytes = checked(product.Inputs * sizeof(float));
        work.Parts = RowParts.Count(work.RowBlocks, packedRowBytes, ActivationCacheBytes, work.GroupCount, product.Threads);

        ScratchLayout own = default;
        work.TileFloats = checked(Math.Min(work.StretchBlocks, work.PanelBlocks) * panel.BlockInputs * work.GroupRows);
        own.Add(checked(work.TileFloats * sizeof(float)));
        work.EdgeOffset = own.Add((long)work.RowBlocks.Tallest * tileRows * sizeof(float));
        work.PanelOffset = own.Add(product.Panels == null ? checked(work.PanelBytes * (work.GroupRows / panel.Rows)) : 0);
        work.OwnBytes = own.Bytes;

        ScratchLayout all = default;
        all.Add(checked(packedRowBytes * product.PartRows));
        work.OwnOffset = all.Add(checked(work.OwnBytes * product.Threads));

        NativeBuffer scratch = ScratchCache.Rent(all.Bytes);
        try
        {
            work.Scratch = scratch.Pointer;
            PackActivationsWork pack = new()
            {
                Activations = product.PartActivations,
                Stride = product.ActivationStride,
                Inputs = product.Inputs,
                Blocks = work.RowBlocks,
                RowBytes = packedRowBytes,
                Packed = work.Scratch,
            };
            product.Pool.Run(pack, work.RowBlocks.Count, product.Threads);
            product.Pool.Run(work, work.GroupCount * work.Parts, product.Threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is the rows of one tile, or of a panel taller than that, for one part of the activation rows; those of a part follow one another.</summary>
    private struct Work<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public ProductContext Product;
        public RowBlocks RowBlocks;
        public byte* Scratch;
        public long OwnOffset;
        public long OwnBytes;
        public long EdgeOffset;
        public long PanelOffset;
        public long TileFloats;
        public long PanelBytes;
        public long PanelBlocks;
        public long StretchBlocks;
        public int GroupRows;
        public long FirstGroup;
        public long GroupCount;
        public long Parts;

        public readonly void Run(long first, long end, int participant)
        {
            byte* own = Scratch + OwnOffset + (participant * OwnBytes);
            long packed = -1;
            for (long item = first; item < end; item++)
            {
                long group = FirstGroup + (item % GroupCount);
                Group(group, own, item / GroupCount, pack: group != packed);
                packed = group;
            }
        }

        private readonly void Group(long index, byte* own, long part, bool pack)
        {
            ref readonly ProductContext p = ref Product;
            int tileRows = p.Kernels.Float32TileRows;
            int panelRows = p.Kernels.Panel.Rows;
            int blockInputs = p.Kernels.Panel.BlockInputs;
            long firstPanel = index * (GroupRows / panelRows);
            int panels = (int)Math.Min(GroupRows / panelRows, ((p.Outputs + panelRows - 1) / panelRows) - firstPanel);
            float* tile = (float*)own;
            if (panels * panelRows < GroupRows)
            {
                NativeMemory.Clear(tile, (nuint)(TileFloats * sizeof(float)));
            }

            byte* firstBytes = p.Panels + (firstPanel * PanelBytes);
            if (p.Panels == null)
            {
                firstBytes = own + PanelOffset;
                for (int j = 0; pack && j < panels; j++)
                {
                    p.PackPanel(firstPanel + j, firstBytes + (j * PanelBytes));
                }
            }

            for (long block = 0; block < PanelBlocks; block += StretchBlocks)
            {
                long count = Math.Min(StretchBlocks, PanelBlocks - block);
                for (int j = 0; j < panels; j++)
                {
                    p.Kernels.DecodeFloat32(firstBytes + (j * PanelBytes), p.TensorSide, block, count, tile + (j * panelRows), tileRows);
                }

                long firstInput = block * blockInputs;
                long inputs = Math.Min(count * blockInputs, p.Inputs - firstInput);
                for (int i = 0; i < GroupRows / tileRows; i++)
                {
                    Multiply((index * (GroupRows / tileRows)) + i, tile + (i * count * blockInputs * tileRows), (float*)(own + EdgeOffset), part, firstInput, inputs);
                }
            }
        }

        private readonly void Multiply(long index, float* tile, float* edge, long part, long firstInput, long inputs)
        {
            ref readonly ProductContext p = ref Product;
            int tileRows = p.Kernels.Float32TileRows;
            long firstOutput = Math.Max(index * tileRows, p.Part.FirstOutput);
            long endOutput = Math.Min((index + 1) * tileRows, p.Part.EndOutput);
            if (endOutput <= firstOutput)
            {
                return;
            }

            bool whole = endOutput - firstOutput == tileRows;
            bool accumulate = firstInput > 0;
            bool finish = firstInput + inputs == p.Inputs;
            float* output = p.Output + (p.Part.FirstRow * p.OutputStride) + firstOutput;
            float* inside = edge + (firstOutput - (index * tileRows));
            Float32TileKernel kernel = default;
            long endBlock = RowParts.First(RowBlocks.Count, part + 1, Parts);
            for (long block = RowParts.First(RowBlocks.Count, part, Parts); block < endBlock; block++)
            {
                int height = RowBlocks.Get(block, out long row);
                kernel = kernel.Rows == height ? kernel : KernelTable.Float32(p.Kernels, height);
                float* activations = (float*)Scratch + (row * p.Inputs) + (firstInput * height);
                float* y = output + (row * p.OutputStride);
                if (whole)
                {
                    kernel.Kernel(tile, inputs, activations, y, p.OutputStride, accumulate);
                }
                else
                {
                    if (accumulate)
                    {
                        EdgeCopy.Load(y, p.OutputStride, inside, tileRows, height, endOutput - firstOutput);
                    }

                    kernel.Kernel(tile, inputs, activations, edge, tileRows, accumulate);
                    EdgeCopy.Store(inside, tileRows, y, p.OutputStride, height, endOutput - firstOutput);
                }

                if (finish)
                {
                    EpilogueDriver.Apply(Epilogue, y, p.OutputStride, p.Part.FirstRow + row, height, firstOutput, endOutput - firstOutput);
                }
            }
        }
    }
}
