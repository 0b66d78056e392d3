using System;
using KernelGen.Epilogues;

namespace KernelGen;

/// <summary>One or two activation rows times weights that are not packed: a dot product per stored row.</summary>
internal static unsafe class RowDots
{
    /// <summary>Rows are packed one by one.</summary>
    private const ulong OneRow = 1UL << 1;

    /// <summary>Computes the product.</summary>
    /// <typeparam name="TEpilogue">What is done to the outputs.</typeparam>
    /// <param name="product">The product.</param>
    /// <param name="mode">The arithmetic.</param>
    /// <param name="epilogue">What is done to the outputs.</param>
    public static void Run<TEpilogue>(in ProductContext product, ComputeMode mode, in TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        Work<TEpilogue> work = new() { Product = product, Epilogue = epilogue };
        long outputs = product.Part.EndOutput - product.Part.FirstOutput;
        if (mode == ComputeMode.Float32)
        {
            product.Pool.Run(work, outputs, product.Threads);
            return;
        }

        work.PackedRowBytes = product.Format.Activations.RowBytes(product.Inputs);
        NativeBuffer scratch = ScratchCache.Rent(checked(work.PackedRowBytes * product.PartRows));
        try
        {
            work.Packed = scratch.Pointer;
            PackActivationsWork pack = new()
            {
                Layout = product.Format.Activations,
                Activations = product.PartActivations,
                Stride = product.ActivationStride,
                Encoded = product.Encoded,
                Inputs = product.Inputs,
                Blocks = new RowBlocks(OneRow, product.PartRows),
                RowBytes = work.PackedRowBytes,
                Packed = work.Packed,
            };
            pack.Run(0, product.PartRows, 0);
            product.Pool.Run(work, outputs, product.Threads);
        }
        finally
        {
            ScratchCache.Return(scratch);
        }
    }

    /// <summary>An item is an output.</summary>
    private struct Work<TEpilogue> : IRangeWork
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        public TEpilogue Epilogue;
        public ProductContext Product;
        public byte* Packed;
        public long PackedRowBytes;

        public readonly void Run(long first, long end, int participant)
        {
            for (long next; first < end; first = next)
            {
                next = Math.Min(end, first + EpilogueDriver.StretchOutputs);
                Stretch(Product.Part.FirstOutput + first, Product.Part.FirstOutput + next);
            }
        }

        private readonly void Stretch(long first, long end)
        {
            ref readonly ProductContext p = ref Product;
            float* output = p.Output + (p.Part.FirstRow * p.OutputStride);
            for (long n = first; n < end; n++)
            {
                byte* blocks = p.Blocks + (n * p.RowBytes);
                byte* side = p.RowSides + (n * p.Format.RowSideBytes);
                float* y = output + n;
                for (long m = 0; m < p.PartRows; m++, y += p.OutputStride)
                {
                    *y = Packed == null
                        ? p.Kernels.DotFloat32(blocks, side, p.TensorSide, p.Inputs, p.PartActivations + (m * p.ActivationStride))
                        : p.Kernels.DotInt8(blocks, side, p.TensorSide, p.Inputs, Packed + (m * PackedRowBytes));
                }
            }

            EpilogueDriver.Apply(Epilogue, output + first, p.OutputStride, p.Part.FirstRow, p.PartRows, first, end - first);
        }
    }
}
