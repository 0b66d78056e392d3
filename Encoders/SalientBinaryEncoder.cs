using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// PTQ1.61 before training: columns with the largest activations are quantized by their cell's own encoder, the others are signs with,
/// per row, μ the mean of their weights other than 0, α the mean magnitude of the same, and B = sgn(w - μ) against the μ that will be decoded; sgn 0
/// is +1. Vectors of an outer product are ones.
/// </summary>
/// <remarks>Source: Zhao et al., PTQ1.61 (2025); <see cref="SalientColumns.Choose"/> says how the columns are chosen.</remarks>
/// <param name="activationMaxima">max |x_j| over the calibration tokens for every input j, finite.</param>
/// <param name="share">The share of salient columns, 0 to 1.</param>
public sealed class SalientBinaryEncoder(IReadOnlyList<float> activationMaxima, double share = 0.2) : StructureEncoder
{
    private const string BinaryPrefix = "parts.0.";
    private const string SalientPrefix = "parts.1.";

    /// <inheritdoc/>
    public override string Expects =>
        "a partition in two: signs with a scale and a minimum per row, with or without an outer product, then a cell for salient columns";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is PartitionNode { Parts: [var binary, CellNode { Format: { HasEncoder: true } salient }] }
            && SignCell.Is(Inner(binary), "scale", "min")
            && (!salient.RangeOfWholeRow || salient.ParametersPerBlock == 0);
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        if (activationMaxima.Count != weights.Inputs)
        {
            throw new ArgumentException($"The weights have {weights.Inputs} inputs; the largest activations of {activationMaxima.Count} were given.", nameof(weights));
        }

        PartitionNode partition = (PartitionNode)format.Weight;
        bool[] salient = SalientColumns.Choose(activationMaxima, share);
        int[] rest = [.. Enumerable.Range(0, salient.Length).Where(i => !salient[i])];
        int[] chosen = [.. Enumerable.Range(0, salient.Length).Where(i => salient[i])];
        TensorSet tensors = new();
        StoredTensor mask = tensors.Add(new TensorInfo("mask", partition.MaskType, weights.Inputs));
        foreach (int column in chosen)
        {
            mask.SetBits(column, 1);
        }

        if (rest.Length > 0)
        {
            AddOuter(tensors, partition.Parts[0], weights);
            AddBinary(tensors, (CellNode)Inner(partition.Parts[0]), weights, rest, threads);
        }

        // The threshold is one of the maxima, so there is a salient column.
        using QuantizedMatrix matrix = CellColumns.Quantize(((CellNode)partition.Parts[1]).Format, weights, chosen, threads);
        tensors.AddCell(matrix, SalientPrefix);
        return tensors;
    }

    private static WeightNode Inner(WeightNode node) => node is OuterNode outer ? outer.Weight : node;

    private static void AddOuter(TensorSet tensors, WeightNode node, WeightRows weights)
    {
        if (node is OuterNode { Row: { } row })
        {
            Numbers.StoreOnes(tensors.Add(new TensorInfo(BinaryPrefix + "row", row, weights.Outputs)));
        }

        if (node is OuterNode { Column: { } column })
        {
            Numbers.StoreOnes(tensors.Add(new TensorInfo(BinaryPrefix + "column", column, weights.Inputs)));
        }
    }

    private static unsafe void AddBinary(TensorSet tensors, CellNode cell, WeightRows weights, int[] columns, int threads)
    {
        FormatParameter scale = cell.Format.Parameters[0];
        FormatParameter min = cell.Format.Parameters[1];
        BinaryWork work = new()
        {
            Weights = weights,
            Columns = columns,
            Bits = SignCell.Add(tensors, BinaryPrefix, cell, weights.Outputs, columns.Length),
            Scale = tensors.Add(new TensorInfo(BinaryPrefix + scale.Name, scale.Type!.Value, weights.Outputs)),
            Min = tensors.Add(new TensorInfo(BinaryPrefix + min.Name, min.Type!.Value, weights.Outputs)),
        };
        WorkerPool.Shared.Run(work, weights.Outputs, threads);
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct BinaryWork : IRangeWork
    {
        public WeightRows Weights;
        public int[] Columns;
        public SignBits Bits;
        public StoredTensor Scale;
        public StoredTensor Min;

        public readonly void Run(long first, long end, int participant)
        {
            for (long row = first; row < end; row++)
            {
                float* w = Weights.Row(row);
                double sum = 0;
                double magnitude = 0;
                int count = 0;
                foreach (int column in Columns)
                {
                    sum += w[column];
                    magnitude += Math.Abs(w[column]);
                    count += w[column] != 0 ? 1 : 0;
                }

                Scale.SetNumber(row, count == 0 ? 0 : (float)(magnitude / count));
                Min.SetNumber(row, count == 0 ? 0 : (float)(sum / count));
                float mean = Min.GetNumber(row);
                for (int i = 0; i < Columns.Length; i++)
                {
                    Bits.Set(row, i, w[Columns[i]] >= mean);
                }
            }
        }
    }
}
