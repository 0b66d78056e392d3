using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Columns divided between two widths by their outliers, each column with a table of its own (CLAQ's adaptive precision): the share of the columns with most outliers has the wider codes.
/// </summary>
/// <remarks>
/// Outliers of a column are the weights above <c>standard</c> times the mean magnitude of the matrix; of columns with as many the one of larger energy, then the first, counts as
/// having more. Source: the outlier order of Wang et al., CLAQ: Pushing the Limits of Low-Bit Post-Training Quantization for LLMs (2024); its error
/// compensation and its reserved outliers are no part of this.
/// </remarks>
/// <param name="share">The share of the columns that have the wider codes, 0 to 1; a twentieth makes 2.1 bits of 2 and 4.</param>
/// <param name="standard">How many times the mean magnitude an outlier is, above 0.</param>
public sealed unsafe class ColumnWidthEncoder(double share = 0.05, double standard = 7) : StructureEncoder
{
    private readonly double _share = share is >= 0 and <= 1 ? share : throw new ArgumentOutOfRangeException(nameof(share), share, "The share of columns lies between 0 and 1.");
    private readonly double _standard = standard > 0 ? standard : throw new ArgumentOutOfRangeException(nameof(standard), standard, "Outliers are above a positive multiple of the mean.");

    /// <inheritdoc/>
    public override string Expects => "a partition into two cells of whole rows with a codebook per input, the second of more bits";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format is { PostNorm: null, Weight: PartitionNode { Parts: [CellNode { Format: { InputSideBytes: > 0 } narrow }, CellNode { Format: { InputSideBytes: > 0 } wide }] } }
            && LearnedCodebookEncoder.Accepts(narrow) && LearnedCodebookEncoder.Accepts(wide) && wide.CodeBits > narrow.CodeBits;
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        PartitionNode partition = (PartitionNode)format.Weight;
        HashSet<int> wide = [.. Outliers(weights).Take((int)Math.Round(_share * weights.Inputs))];
        TensorSet tensors = new();
        StoredTensor mask = tensors.Add(new TensorInfo("mask", partition.MaskType, weights.Inputs));
        foreach (int column in wide)
        {
            mask.SetBits(column, 1);
        }

        for (int part = 0; part < 2; part++)
        {
            int[] columns = [.. Enumerable.Range(0, (int)weights.Inputs).Where(i => wide.Contains(i) == (part == 1))];
            if (columns.Length > 0)
            {
                Add(tensors, ((CellNode)partition.Parts[part]).Format, $"parts.{part}.", weights, columns, threads);
            }
        }

        return tensors;
    }

    /// <summary>The columns, those of most outliers first.</summary>
    private IEnumerable<int> Outliers(WeightRows weights)
    {
        double[] magnitudes = new double[weights.Inputs];
        ForEach((i, weight) => magnitudes[i] += Math.Abs((double)weight));
        double limit = _standard * magnitudes.Sum() / ((double)weights.Outputs * weights.Inputs);
        long[] outliers = new long[weights.Inputs];
        double[] energy = new double[weights.Inputs];
        ForEach((i, weight) =>
        {
            outliers[i] += Math.Abs(weight) > limit ? 1 : 0;
            energy[i] += (double)weight * weight;
        });
        return Enumerable.Range(0, outliers.Length).OrderByDescending(i => outliers[i]).ThenByDescending(i => energy[i]);

        void ForEach(Action<int, float> take)
        {
            for (long row = 0; row < weights.Outputs; row++)
            {
                float* w = weights.Row(row);
                for (int i = 0; i < weights.Inputs; i++)
                {
                    take(i, w[i]);
                }
            }
        }
    }

    private static void Add(TensorSet tensors, FormatDescriptor cell, string prefix, WeightRows weights, int[] columns, int threads)
    {
        using NativeBuffer memory = new(checked(weights.Outputs * columns.Length * sizeof(float)));
        WeightRows taken = new((float*)memory.Pointer, columns.Length, weights.Outputs, columns.Length);
        for (long row = 0; row < weights.Outputs; row++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                taken.Row(row)[j] = weights.Row(row)[columns[j]];
            }
        }

        using QuantizedMatrix matrix = new LearnedCodebookEncoder().Quantize(cell, taken, threads);
        tensors.AddCell(matrix, prefix);
    }
}
