using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Trits with a scale for every slab of outputs: γ = max(mean |w|, 1e-5) over the slab, t = clip(rne(w / γ), -1, 1), γ as it will be decoded.
/// </summary>
/// <remarks>
/// Source: Kaushal et al., Spectra: Surprising Effectiveness of Pretraining Ternary Language Models at Scale (TriLM, 2024), where a slab is the share of
/// one of the devices the model was trained on.
/// </remarks>
/// <param name="slabs">Slabs, a divisor of the outputs.</param>
public sealed class SlabTernaryEncoder(long slabs) : StructureEncoder
{
    private const double LeastScale = 1e-5;

    /// <inheritdoc/>
    public override string Expects => "trits of whole rows with a float scale per slab of outputs, not transformed";

    /// <inheritdoc/>
    public override unsafe bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is CellNode { Format: { ParametersPerBlock: 0, CodeBits: 2, Parameters: [{ Role: "scale", Per: Extent.Row, Type: { } type }] } cell, Shared: [{ Outputs: 0 }] }
            && SignCell.IsFloat(type) && cell.CodesPerBlock == cell.BlockInputs && Values(cell, type).Take(3).SequenceEqual([-1, 0, 1]);
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        if (slabs < 1 || weights.Outputs % slabs != 0)
        {
            throw new ArgumentException($"{slabs} slabs do not divide the weights' {weights.Outputs} outputs.", nameof(weights));
        }

        CellNode node = (CellNode)format.Weight;
        TensorSet tensors = new();
        StoredTensor scale = tensors.Add(new TensorInfo(node.Shared[0].Name, node.Shared[0].Type, slabs));
        long rows = weights.Outputs / slabs;
        for (long slab = 0; slab < slabs; slab++)
        {
            double sum = 0;
            for (long row = slab * rows; row < (slab + 1) * rows; row++)
            {
                float* w = weights.Row(row);
                for (long i = 0; i < weights.Inputs; i++)
                {
                    sum += Math.Abs(w[i]);
                }
            }

            scale.SetNumber(slab, (float)Math.Max(sum / (rows * weights.Inputs), LeastScale));
        }

        TritWork work = new()
        {
            Weights = weights,
            Cell = node.Format,
            SlabRows = rows,
            Scale = scale,
            Blocks = tensors.Add(new TensorInfo("blocks", ScalarType.UInt8, weights.Outputs, node.Format.RowBytes(weights.Inputs))),
        };
        WorkerPool.Shared.Run(work, weights.Outputs, threads);
        return tensors;
    }

    private static unsafe float[] Values(FormatDescriptor cell, ScalarType type)
    {
        uint one = FloatBits.Encode(type, 1);
        byte[] codes = new byte[cell.BlockInputs];
        byte[] block = new byte[cell.BlockBytes];
        float[] decoded = new float[cell.BlockInputs];
        (codes[1], codes[2]) = (1, 2);
        fixed (byte* q = codes, b = block)
        {
            fixed (float* w = decoded)
            {
                cell.Kernels[0].PackBlock(q, null, b);
                cell.Kernels[0].DequantizeRow(b, (byte*)&one, null, codes.Length, w);
            }
        }

        return decoded;
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct TritWork : IRangeWork
    {
        public WeightRows Weights;
        public FormatDescriptor Cell;
        public long SlabRows;
        public StoredTensor Scale;
        public StoredTensor Blocks;

        public readonly void Run(long first, long end, int participant)
        {
            byte[] codes = new byte[RowCodes.Padded(Cell, Weights.Inputs)];
            Array.Fill(codes, (byte)1);
            long rowBytes = Blocks.Info.Shape[1];
            for (long row = first; row < end; row++)
            {
                float* w = Weights.Row(row);
                float scale = Scale.GetNumber(row / SlabRows);
                for (long i = 0; i < Weights.Inputs; i++)
                {
                    codes[i] = (byte)(Math.Clamp(MathF.Round(w[i] / scale), -1, 1) + 1);
                }

                fixed (byte* q = codes)
                {
                    RowCodes.Pack(Cell, q, null, Blocks.Pointer + (row * rowBytes), rowBytes);
                }
            }
        }
    }
}
