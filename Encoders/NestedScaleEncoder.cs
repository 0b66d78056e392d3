using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>
/// Double quantization: the scales s of the groups are stored as <c>(a * n) + b</c>, n the number of a short code, a shared by a run of blocks, b one number of
/// the matrix.
/// </summary>
/// <remarks>
/// Over the groups that have weights, in f32: s = max|w| / the largest number of a weight's code. Where the numbers n have both signs, b is the mean of s (taken in
/// f64); where they have one, the least s. a is the largest |s - b| of its run over the largest n; n is the number nearest to (s - b) / a,
/// of two the lower. A weight's code is the one nearest to w / s, the lower of two, s being what is decoded, or, with
/// <see cref="FormatDescriptor.UnroundedScale"/>, what was found.
/// Source: Dettmers et al., QLoRA: Efficient Finetuning of Quantized LLMs (2023), with the mean and the scales as found; Guo et al., LQ-LoRA: Low-rank Plus
/// Quantized Matrix Decomposition for Efficient Language Model Finetuning (2024), with the least scale and the scales as decoded.
/// </remarks>
public sealed class NestedScaleEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects =>
        "codes of single inputs with three levels of scales and nothing else: codes of up to 8 bits in the block, a float for a run of blocks, and a float of the matrix that is added";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is CellNode node && NestedScale.Of(node) is not null;
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        CellNode node = (CellNode)format.Weight;
        NestedScale scale = NestedScale.Of(node)!;
        TensorInfo[] infos = [.. format.Tensors(weights.Outputs, weights.Inputs)];
        TensorSet tensors = new();
        NestedWork work = new()
        {
            Weights = weights,
            Scale = scale,
            RowGroups = scale.RowGroups(weights.Inputs),
            GroupInputs = scale.Codes.Per,
            Scales = new float[checked(weights.Outputs * scale.RowGroups(weights.Inputs))],
            Blocks = tensors.Add(infos.Single(static info => info.Name == "blocks")),
            Runs = tensors.Add(infos.Single(info => info.Name == scale.Run.Name)),
            Offset = tensors.Add(infos.Single(info => info.Name == scale.Offset.Name)),
        };
        WorkerPool.Shared.Run(new LargestWork { Nested = work }, weights.Outputs, threads);
        work.StoreLevels();
        WorkerPool.Shared.Run(new CodesWork { Nested = work }, weights.Outputs, threads);
        return tensors;
    }

    /// <summary>What both passes over the weights share.</summary>
    private sealed class NestedWork
    {
        public required WeightRows Weights { get; init; }

        public required NestedScale Scale { get; init; }

        /// <summary>The scales as found, [outputs][groups of a row].</summary>
        public required float[] Scales { get; init; }

        public required StoredTensor Blocks { get; init; }

        public required StoredTensor Runs { get; init; }

        public required StoredTensor Offset { get; init; }

        public required long RowGroups { get; init; }

        public required int GroupInputs { get; init; }

        /// <summary>Groups of a row that have weights.</summary>
        public long PresentGroups => (Weights.Inputs + GroupInputs - 1) / GroupInputs;

        /// <summary>Stores what is added, then the float of every run.</summary>
        public void StoreLevels()
        {
            double sum = 0;
            float least = float.PositiveInfinity;
            for (long row = 0; row < Weights.Outputs; row++)
            {
                foreach (float scale in Scales.AsSpan(checked((int)(row * RowGroups)), (int)PresentGroups))
                {
                    sum += scale;
                    least = Math.Min(least, scale);
                }
            }

            Offset.SetNumber(0, Scale.HasBothSigns ? (float)(sum / ((double)Weights.Outputs * PresentGroups)) : least);
            float offset = Offset.GetNumber(0);
            float[] largest = new float[Runs.Info.Count];
            for (long row = 0; row < Weights.Outputs; row++)
            {
                for (long group = 0; group < PresentGroups; group++)
                {
                    ref float own = ref largest[Scale.RunOf(row, group, Weights.Inputs)];
                    own = Math.Max(own, Math.Abs(Scales[(row * RowGroups) + group] - offset));
                }
            }

            for (long run = 0; run < largest.Length; run++)
            {
                Runs.SetNumber(run, largest[run] / Scale.LargestNumber);
            }
        }
    }

    /// <summary>Finds the scales; an item is a row.</summary>
    private unsafe struct LargestWork : IRangeWork
    {
        public NestedWork Nested;

        public readonly void Run(long first, long end, int participant)
        {
            int inputs = Nested.GroupInputs;
            for (long row = first; row < end; row++)
            {
                for (long group = 0; group < Nested.PresentGroups; group++)
                {
                    long from = group * inputs;
                    ReadOnlySpan<float> weights = new(Nested.Weights.Row(row) + from, (int)Math.Min(inputs, Nested.Weights.Inputs - from));
                    float largest = 0;
                    foreach (float weight in weights)
                    {
                        largest = Math.Max(largest, Math.Abs(weight));
                    }

                    Nested.Scales[(row * Nested.RowGroups) + group] = largest / Nested.Scale.Weights.Largest;
                }
            }
        }
    }

    /// <summary>Stores the codes of scales and weights; an item is a row.</summary>
    private unsafe struct CodesWork : IRangeWork
    {
        public NestedWork Nested;

        public readonly void Run(long first, long end, int participant)
        {
            NestedScale scale = Nested.Scale;
            FormatDescriptor cell = scale.Cell;
            int inputs = Nested.GroupInputs;
            long rowBlocks = scale.RowBlocks(Nested.Weights.Inputs);
            float offset = Nested.Offset.GetNumber(0);
            byte[] codes = new byte[rowBlocks * cell.BlockInputs];
            uint[] parameters = new uint[rowBlocks * cell.ParametersPerBlock];
            byte[] whole = new byte[rowBlocks * cell.BlockBytes];
            for (long row = first; row < end; row++)
            {
                float* weights = Nested.Weights.Row(row);
                for (long group = 0; group < Nested.RowGroups; group++)
                {
                    float run = Nested.Runs.GetNumber(scale.RunOf(row, group, Nested.Weights.Inputs));
                    float found = Nested.Scales[(row * Nested.RowGroups) + group];
                    parameters[scale.EntryOf(group)] = scale.Codes.Nearest(group < Nested.PresentGroups && run != 0 ? (found - offset) / run : 0, out float number);
                    float divisor = cell.UnroundedScale ? found : (run * number) + offset;
                    for (long i = group * inputs; i < (group + 1) * inputs; i++)
                    {
                        codes[i] = scale.Weights.Of(i < Nested.Weights.Inputs && divisor != 0 ? weights[i] / divisor : 0);
                    }
                }

                fixed (byte* q = codes, to = whole)
                {
                    fixed (uint* p = parameters)
                    {
                        RowCodes.Pack(cell, q, p, to, whole.Length);
                    }

                    StoredBlocks.Store(cell, scale.Run, to, rowBlocks, Nested.Blocks.Pointer + (row * Nested.Blocks.Info.Shape[1]));
                }
            }
        }
    }
}
