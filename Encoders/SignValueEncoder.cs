using System;

namespace KernelGen.Encoders;

/// <summary>
/// Sign-value-independent decomposition: W ≈ sgn W ∘ (h gᵀ), h gᵀ the best rank-one approximation of |W|, h = √σ u, g = √σ v with σ, u and v the
/// largest singular value of |W| and its vectors. sgn 0 is +1.
/// </summary>
/// <remarks>Source: Xu et al., OneBit: Towards Extremely Low-bit Large Language Models (2024), where training goes on from it.</remarks>
public sealed class SignValueEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects => "a cell of signs inside an outer product of a row and a column vector";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is OuterNode { Row: not null, Column: not null } outer && SignCell.Is(outer.Weight);
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        OuterNode outer = (OuterNode)format.Weight;
        (double[] h, double[] g) = RankOne.Approximate(weights, threads);
        TensorSet tensors = new();
        StoredTensor row = tensors.Add(new TensorInfo("row", outer.Row!.Value, weights.Outputs));
        StoredTensor column = tensors.Add(new TensorInfo("column", outer.Column!.Value, weights.Inputs));
        Numbers.Store(h, row);
        Numbers.Store(g, column);
        SignBits bits = SignCell.Add(tensors, string.Empty, (CellNode)outer.Weight, weights.Outputs, weights.Inputs);
        WorkerPool.Shared.Run(new SignWork { Weights = weights, Bits = bits }, weights.Outputs, threads);
        return tensors;
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct SignWork : IRangeWork
    {
        public WeightRows Weights;
        public SignBits Bits;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                float* w = Weights.Row(row);
                for (long i = 0; i < Weights.Inputs; i++)
                {
                    Bits.Set(row, i, w[i] >= 0);
                }
            }
        }
    }
}
