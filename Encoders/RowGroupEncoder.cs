using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Rows reordered into groups, each with a scale above one table or with a table of its own (JLCM): the scale is the group's largest magnitude, the table the one with the least squared
/// error of the weights, each weight's code the nearest entry, the lower of two.
/// </summary>
/// <remarks>
/// Rows are grouped by their root mean square, since the published start is not known; give the groups to use others. Source of the structure: Yvinec et
/// al., Network Memory Footprint Compression Through Jointly Learnable Codebooks and Mappings (2023), whose fine-tuning of codes and tables by gradients is
/// no part of this.
/// </remarks>
public sealed unsafe class RowGroupEncoder : StructureEncoder
{
    private readonly int _count;
    private readonly RowGroups? _groups;

    /// <summary>Groups rows of like magnitude.</summary>
    /// <param name="groups">Most groups, at least 1; there are as many as rows have different magnitudes where these are fewer.</param>
    public RowGroupEncoder(int groups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        _count = groups;
    }

    /// <summary>Takes the groups as they are given.</summary>
    /// <param name="order">The output of each stored row: a permutation of 0 … O - 1.</param>
    /// <param name="lengths">How many rows each group has, at least 1; they add up to O.</param>
    /// <exception cref="ArgumentException">They are no groups of all rows.</exception>
    public RowGroupEncoder(IReadOnlyList<int> order, IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(lengths);
        if (!order.Order().SequenceEqual(Enumerable.Range(0, order.Count)))
        {
            throw new ArgumentException($"The order must have every output from 0 to {order.Count - 1} once.", nameof(order));
        }

        if (lengths.Any(static length => length < 1) || lengths.Sum(static length => (long)length) != order.Count)
        {
            throw new ArgumentException($"The lengths must be at least 1 and add up to {order.Count} rows.", nameof(lengths));
        }

        _groups = new([.. order], [.. lengths]);
    }

    /// <inheritdoc/>
    public override string Expects => "a gathered cell of whole rows with a codebook and a scale per run of rows, or a codebook per run of rows";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format is { PostNorm: null, Weight: GatherNode { Weight: CellNode { Format: { ParametersPerBlock: 0, CodeBits: <= 8 } cell } node } }
            && cell.CodesPerBlock == cell.BlockInputs
            && node.Shared.All(static parameter => parameter.IsRuns)
            && (IsPerRun(node, Table(cell)) ? cell.Parameters.Count == 1 : cell.Parameters.Count == 2 && Table(cell) is { Per: Extent.Tensor } && Scale(cell) is { } scale && IsPerRun(node, scale));
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        CellNode node = (CellNode)((GatherNode)format.Weight).Weight;
        if (_groups is not null && _groups.Order.Length != weights.Outputs)
        {
            throw new ArgumentException($"The groups are those of {_groups.Order.Length} rows; {weights.Outputs} were given.", nameof(weights));
        }

        RowGroups groups = _groups ?? RowGroups.ByMagnitude(weights, _count);
        TensorSet tensors = new();
        foreach (TensorInfo info in format.Tensors(weights.Outputs, weights.Inputs, groups.Lengths.Length))
        {
            tensors.Add(info);
        }

        Put(tensors["order"], groups.Order);
        Put(tensors["runs"], groups.Lengths);
        float[] scales = Scale(node.Format) is null ? [.. groups.Lengths.Select(static _ => 1f)] : StoreScales(tensors["scale"], weights, groups);
        float[][] tables = StoreTables(tensors[Table(node.Format)!.Name], node.Format, weights, groups, scales);
        int[] groupOfRow = [.. groups.Lengths.SelectMany(static (length, group) => Enumerable.Repeat(group, length))];
        CodeWork work = new()
        {
            Format = node.Format,
            Weights = weights,
            Order = groups.Order,
            GroupOfRow = groupOfRow,
            Scales = scales,
            Tables = tables,
            Blocks = tensors["blocks"].Pointer,
        };
        WorkerPool.Shared.Run(work, weights.Outputs, threads);
        return tensors;
    }

    private static FormatParameter? Table(FormatDescriptor cell) => cell.Parameters.FirstOrDefault(static parameter => parameter.Role == "codebook");

    private static FormatParameter? Scale(FormatDescriptor cell) => cell.Parameters.FirstOrDefault(static parameter => parameter is
        { Role: "scale", Name: "scale", Type: ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16, Multiply: 1, Add: 0, Negative: false });

    private static bool IsPerRun(CellNode node, FormatParameter? parameter) => parameter is not null && node.Shared.Any(shared => shared.Name == parameter.Name);

    private static void Put(StoredTensor tensor, int[] numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            tensor.SetBits(i, (uint)numbers[i]);
        }
    }

    /// <summary>The largest magnitude of each group, as stored.</summary>
    private static float[] StoreScales(StoredTensor tensor, WeightRows weights, RowGroups groups)
    {
        float[] scales = new float[groups.Lengths.Length];
        int group = 0;
        foreach ((int first, int count) in groups.Runs())
        {
            float largest = 0;
            for (int row = first; row < first + count; row++)
            {
                ReadOnlySpan<float> own = new(weights.Row(groups.Order[row]), (int)weights.Inputs);
                foreach (float weight in own)
                {
                    largest = Math.Max(largest, Math.Abs(weight));
                }
            }

            tensor.SetNumber(group, largest);
            scales[group] = tensor.GetNumber(group);
            group++;
        }

        return scales;
    }

    /// <summary>The table of each group, the same one where they have scales: squared errors of the weights are scale² times those of what is looked up.</summary>
    private static float[][] StoreTables(StoredTensor tensor, FormatDescriptor cell, WeightRows weights, RowGroups groups, float[] scales)
    {
        int entries = Table(cell)!.Count;
        bool isShared = tensor.Info.Shape.Count == 1 || tensor.Info.Shape[0] == 1;
        (int First, int Count)[] runs = [.. groups.Runs()];
        float[][] tables = new float[scales.Length][];
        for (int group = 0; group < scales.Length; group++)
        {
            if (group > 0 && isShared)
            {
                tables[group] = tables[0];
                continue;
            }

            (int First, int Count, float Scale)[] parts = isShared
                ? [.. runs.Select((run, g) => (run.First, run.Count, scales[g]))]
                : [(runs[group].First, runs[group].Count, scales[group])];
            tables[group] = Fit(parts, weights, groups.Order, entries, tensor.Info.Type);
            for (int entry = 0; entry < entries; entry++)
            {
                tensor.SetNumber((group * (long)entries) + entry, tables[group][entry]);
            }
        }

        return tables;
    }

    private static float[] Fit((int First, int Count, float Scale)[] parts, WeightRows weights, int[] order, int entries, ScalarType type)
    {
        float least = float.PositiveInfinity;
        float largest = float.NegativeInfinity;
        ForEach((number, _) => (least, largest) = (Math.Min(least, number), Math.Max(largest, number)));
        NumberTable found = new(parts.Sum(static part => (long)part.Count) * weights.Inputs, least, largest);
        ForEach((number, scale) => found.Add(number, scale * scale));
        float[] table = new float[entries];
        found.Find(table, type);
        return table;

        void ForEach(Action<float, float> take)
        {
            foreach ((int first, int count, float scale) in parts)
            {
                for (int row = first; row < first + count; row++)
                {
                    float* own = weights.Row(order[row]);
                    for (long i = 0; i < weights.Inputs; i++)
                    {
                        take(scale > 0 ? own[i] / scale : 0, scale);
                    }
                }
            }
        }
    }

    /// <summary>An item is a stored row.</summary>
    private struct CodeWork : IRangeWork
    {
        public FormatDescriptor Format;
        public WeightRows Weights;
        public int[] Order;
        public int[] GroupOfRow;
        public float[] Scales;
        public float[][] Tables;
        public byte* Blocks;

        public readonly void Run(long first, long end, int participant)
        {
            long inputs = Weights.Inputs;
            long rowBytes = Format.RowBytes(inputs);
            byte[] codes = new byte[RowCodes.Padded(Format, inputs)];
            for (long row = first; row < end; row++)
            {
                float scale = Scales[GroupOfRow[row]];
                float* own = Weights.Row(Order[row]);
                for (long i = 0; i < inputs; i++)
                {
                    codes[i] = (byte)TableFit.Nearest(Tables[GroupOfRow[row]], scale > 0 ? own[i] / scale : 0);
                }

                fixed (byte* q = codes)
                {
                    RowCodes.Pack(Format, q, null, Blocks + (row * rowBytes), rowBytes);
                }
            }
        }
    }
}
