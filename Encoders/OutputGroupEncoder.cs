using System;

namespace KernelGen.Encoders;

/// <summary>
/// Asymmetric integers with a scale and a zero point for every input and group of outputs: of the group's weights in a column
/// s = max(max - min, 1e-5) / (2^b - 1), z = clip(-rne(min / s), 0, 2^b - 1) and q = clip(rne(w / s) + z, 0, 2^b - 1), s as it will be decoded.
/// </summary>
/// <remarks>Source: Heo et al., Rethinking Channel Dimensions to Isolate Outliers for Low-bit Weight Quantization of Large Language Models (AdaDim, 2024).</remarks>
public sealed class OutputGroupEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects => "unsigned codes of whole rows with a float scale and an integer zero point per input, neither transformed";

    /// <inheritdoc/>
    public override unsafe bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (format.Weight is not ColumnNode { Scale: { } scale, Zero: { } zero, Min: null, Weight: CellNode { Format: { ParametersPerBlock: 0, Parameters.Count: 0, CodeBits: <= 8 } cell } }
            || !SignCell.IsFloat(scale.Type) || scale is not { Multiply: 1, Add: 0, Negative: false }
            || zero.Type is < ScalarType.UInt1 or > ScalarType.UInt8 || zero is not { Multiply: 1, Add: 0, Negative: false }
            || cell.CodesPerBlock != cell.BlockInputs)
        {
            return false;
        }

        float[] values = RowCodes.Values(cell, null);
        return zero.Type - ScalarType.UInt1 + 1 >= cell.CodeBits && Array.TrueForAll(values, value => value == Array.IndexOf(values, value));
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        ColumnNode node = (ColumnNode)format.Weight;
        FormatDescriptor cell = ((CellNode)node.Weight).Format;
        long group = node.Outputs == 1 ? weights.Outputs : node.Outputs;
        long groups = (weights.Outputs + group - 1) / group;
        TensorSet tensors = new();
        StoredTensor Add(ColumnParameter parameter) => tensors.Add(node.Outputs == 1
            ? new TensorInfo(parameter.Name, parameter.Type, weights.Inputs)
            : new TensorInfo(parameter.Name, parameter.Type, groups, weights.Inputs));
        GroupWork work = new()
        {
            Weights = weights,
            Cell = cell,
            Group = group,
            Scale = Add(node.Scale!),
            Blocks = tensors.Add(new TensorInfo("blocks", ScalarType.UInt8, weights.Outputs, cell.RowBytes(weights.Inputs))),
            Zeros = new uint[groups * weights.Inputs],
        };
        WorkerPool.Shared.Run(work, groups, threads);

        // Narrow entries share bytes, so they are not written by several threads.
        StoredTensor zeros = Add(node.Zero!);
        for (long i = 0; i < work.Zeros.Length; i++)
        {
            zeros.SetBits(i, work.Zeros[i]);
        }

        return tensors;
    }

    /// <summary>An item is a group of outputs.</summary>
    private unsafe struct GroupWork : IRangeWork
    {
        private const float LeastRange = 1e-5f;

        public WeightRows Weights;
        public FormatDescriptor Cell;
        public long Group;
        public StoredTensor Scale;
        public StoredTensor Blocks;
        public uint[] Zeros;

        public readonly void Run(long first, long end, int participant)
        {
            int inputs = (int)Weights.Inputs;
            int largest = (1 << Cell.CodeBits) - 1;
            byte[] codes = new byte[RowCodes.Padded(Cell, inputs)];
            float[] low = new float[inputs];
            float[] high = new float[inputs];
            for (long group = first; group < end; group++)
            {
                long begin = group * Group;
                long stop = Math.Min(begin + Group, Weights.Outputs);
                Range(begin, stop, low, high);
                long at = group * inputs;
                for (int i = 0; i < inputs; i++)
                {
                    Scale.SetNumber(at + i, Math.Max(high[i] - low[i], LeastRange) / largest);
                    high[i] = Scale.GetNumber(at + i);
                    Zeros[at + i] = (uint)Math.Clamp(-MathF.Round(low[i] / high[i]), 0, largest);
                }

                for (long row = begin; row < stop; row++)
                {
                    float* w = Weights.Row(row);
                    for (int i = 0; i < inputs; i++)
                    {
                        codes[i] = (byte)Math.Clamp(MathF.Round(w[i] / high[i]) + Zeros[at + i], 0, largest);
                    }

                    long rowBytes = Blocks.Info.Shape[1];
                    fixed (byte* q = codes)
                    {
                        RowCodes.Pack(Cell, q, null, Blocks.Pointer + (row * rowBytes), rowBytes);
                    }
                }
            }
        }

        private readonly void Range(long begin, long stop, float[] low, float[] high)
        {
            Array.Fill(low, float.PositiveInfinity);
            Array.Fill(high, float.NegativeInfinity);
            for (long row = begin; row < stop; row++)
            {
                float* w = Weights.Row(row);
                for (int i = 0; i < low.Length; i++)
                {
                    low[i] = Math.Min(low[i], w[i]);
                    high[i] = Math.Max(high[i], w[i]);
                }
            }
        }
    }
}
