using System;
using System.Collections.Generic;

namespace KernelGen.Encoders;

/// <summary>
/// Codes into a table that every row has for itself: the numbers that minimise Σ h (w - table[q])² over the row, rounded to their stored type, and
/// the nearest of them for each weight, the lower of two.
/// </summary>
/// <remarks>
/// In one dimension the clusters of the best partition are intervals of the sorted weights, so it is found exactly, by dynamic programming, where
/// the usual iteration only improves a start. Source: the objective of Kim et al., SqueezeLLM: Dense-and-Sparse Quantization (2024), whose h are squared
/// gradients, 0 for weights that are stored apart.
/// </remarks>
public sealed class LearnedCodebookEncoder : StructureEncoder
{
    private readonly IReadOnlyList<float>? _importance;

    /// <summary>Counts all weights alike.</summary>
    public LearnedCodebookEncoder()
    {
    }

    /// <summary>Counts weights by their importance.</summary>
    /// <param name="importance">h: one for every input, or one for every weight, row after row; finite and not negative.</param>
    public LearnedCodebookEncoder(IReadOnlyList<float> importance)
    {
        ArgumentNullException.ThrowIfNull(importance);
        for (int i = 0; i < importance.Count; i++)
        {
            if (!(importance[i] >= 0 && float.IsFinite(importance[i])))
            {
                throw new ArgumentException($"The importance {i} is {importance[i]}; give finite numbers that are not negative.", nameof(importance));
            }
        }

        _importance = importance;
    }

    /// <inheritdoc/>
    public override string Expects => "a cell of whole rows whose only parameter is a codebook per row";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is CellNode { Shared.Count: 0 } cell && Accepts(cell.Format);
    }

    /// <summary>Whether a format of one cell is of the encoder's kind.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it is.</returns>
    public static bool Accepts(FormatDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format is { ParametersPerBlock: 0, CodeBits: <= 8, Parameters: [{ Role: "codebook", Per: Extent.Row }] } && format.CodesPerBlock == format.BlockInputs;
    }

    /// <summary>Encodes weights into a matrix of a format of one cell.</summary>
    /// <param name="format">A format the encoder accepts.</param>
    /// <param name="weights">The weights, finite.</param>
    /// <param name="threads">Most threads to use; 0 for all. The result does not depend on it.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="ArgumentException">The encoder does not accept the format, or there are more or fewer importances than inputs or weights.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    public unsafe QuantizedMatrix Quantize(FormatDescriptor format, WeightRows weights, int threads = 0)
    {
        if (!Accepts(format))
        {
            throw new ArgumentException($"{format.Name} is no format for {nameof(LearnedCodebookEncoder)}, which encodes {Expects}.", nameof(format));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        weights.CheckFinite();
        using NativeBuffer blocks = new(checked(weights.Outputs * format.RowBytes(weights.Inputs)));
        using NativeBuffer sides = new(checked(weights.Outputs * format.RowSideBytes));
        Run(format, weights, blocks.Pointer, sides.Pointer, threads);
        return QuantizedMatrix.FromBlocks(format, weights.Outputs, weights.Inputs, new BorrowedWeights
        {
            Blocks = blocks.Pointer,
            BlockBytes = blocks.Length,
            RowSides = sides.Pointer,
            RowSideBytes = sides.Length,
        });
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        using QuantizedMatrix matrix = Quantize(((CellNode)format.Weight).Format, weights, threads);
        TensorSet tensors = new();
        tensors.AddCell(matrix);
        return tensors;
    }

    private unsafe void Run(FormatDescriptor format, WeightRows weights, byte* blocks, byte* sides, int threads)
    {
        if (_importance is not null && _importance.Count != weights.Inputs && _importance.Count != weights.Inputs * weights.Outputs)
        {
            throw new ArgumentException($"{weights.Outputs} x {weights.Inputs} weights have as many importances as inputs or as weights; {_importance.Count} were given.", nameof(weights));
        }

        RowWork work = new()
        {
            Weights = weights,
            Format = format,
            Importance = _importance,
            IsPerWeight = _importance is not null && _importance.Count != weights.Inputs,
            Blocks = blocks,
            Sides = sides,
        };
        WorkerPool.Shared.Run(work, weights.Outputs, threads);
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct RowWork : IRangeWork
    {
        public WeightRows Weights;
        public FormatDescriptor Format;
        public IReadOnlyList<float>? Importance;
        public bool IsPerWeight;
        public byte* Blocks;
        public byte* Sides;

        public readonly void Run(long first, long end, int participant)
        {
            int inputs = (int)Weights.Inputs;
            ScalarType type = Format.Parameters[0].Type!.Value;
            int bytes = Format.RowSideBytes / Format.Parameters[0].Count;
            IntervalClusters clusters = new(inputs, Format.Parameters[0].Count);
            float[] row = new float[inputs];
            float[] importance = new float[inputs];
            float[] table = new float[Format.Parameters[0].Count];
            byte[] codes = new byte[RowCodes.Padded(Format, inputs)];
            long rowBytes = Format.RowBytes(inputs);
            for (long r = first; r < end; r++)
            {
                new ReadOnlySpan<float>(Weights.Row(r), inputs).CopyTo(row);
                for (int i = 0; i < inputs; i++)
                {
                    importance[i] = Importance is null ? 1 : Importance[IsPerWeight ? (int)((r * inputs) + i) : i];
                }

                clusters.Find(row, importance, table);
                byte* side = Sides + (r * Format.RowSideBytes);
                for (int entry = 0; entry < table.Length; entry++)
                {
                    uint bits = FloatBits.Encode(type, table[entry]);
                    table[entry] = FloatBits.Decode(type, bits);
                    for (int b = 0; b < bytes; b++)
                    {
                        *side++ = (byte)(bits >> (8 * b));
                    }
                }

                for (int i = 0; i < inputs; i++)
                {
                    codes[i] = Nearest(table, Weights.Row(r)[i]);
                }

                fixed (byte* q = codes)
                {
                    RowCodes.Pack(Format, q, null, Blocks + (r * rowBytes), rowBytes);
                }
            }
        }

        /// <summary>The nearest entry of a rising table, the lower of two, the first of equals.</summary>
        private static byte Nearest(float[] table, float weight)
        {
            int low = 0;
            int high = table.Length - 1;
            while (low < high)
            {
                int middle = (low + high) / 2;
                bool isBelow = (double)weight - table[middle] <= (double)table[middle + 1] - weight;
                (low, high) = isBelow ? (low, middle) : (middle + 1, high);
            }

            return (byte)low;
        }
    }
}
