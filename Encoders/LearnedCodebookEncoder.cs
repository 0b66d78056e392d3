using System;
using System.Collections.Generic;

namespace KernelGen.Encoders;

/// <summary>
/// Codes into a table that every row, or every input column, has for itself: the numbers that minimise Σ h (w - table[q])² over the row or column, rounded to
/// their stored type, and the nearest of them for each weight, the lower of two.
/// </summary>
/// <remarks>
/// In one dimension the clusters of the best partition are intervals of the sorted weights, so it is found exactly, by dynamic programming, where
/// the usual iteration only improves a start. Sources: rows, and the objective: Kim et al., SqueezeLLM: Dense-and-Sparse Quantization (2024), whose h are squared
/// gradients, 0 for weights that are stored apart; columns: Wang et al., CLAQ (2024), which counts weights alike.
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
    public override string Expects => "a cell of whole rows whose only parameter is a codebook per row or per input";

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
        return format is { ParametersPerBlock: 0, CodeBits: <= 8, Parameters: [{ Role: "codebook", Per: Extent.Row or Extent.Column }] } && format.CodesPerBlock == format.BlockInputs;
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
        if (_importance is not null && _importance.Count != weights.Inputs && _importance.Count != weights.Inputs * weights.Outputs)
        {
            throw new ArgumentException($"{weights.Outputs} x {weights.Inputs} weights have as many importances as inputs or as weights; {_importance.Count} were given.", nameof(weights));
        }

        using NativeBuffer blocks = new(checked(weights.Outputs * format.RowBytes(weights.Inputs)));
        using NativeBuffer rowSides = new(checked(weights.Outputs * format.RowSideBytes));
        using NativeBuffer matrixSide = new(format.MatrixSideBytes(weights.Inputs));
        TableWork work = new()
        {
            Weights = weights,
            Format = format,
            Importance = _importance,
            IsPerWeight = _importance is not null && _importance.Count != weights.Inputs,
            Blocks = blocks.Pointer,
            RowSides = rowSides.Pointer,
            MatrixSide = matrixSide.Pointer,
        };
        if (format.InputSideBytes > 0)
        {
            using NativeBuffer codes = new(checked(weights.Outputs * RowCodes.Padded(format, weights.Inputs)));
            WorkerPool.Shared.Run(new ColumnWork { Tables = work, Codes = codes.Pointer }, weights.Inputs, threads);
            WorkerPool.Shared.Run(new PackWork { Tables = work, Codes = codes.Pointer }, weights.Outputs, threads);
        }
        else
        {
            WorkerPool.Shared.Run(new RowWork { Tables = work }, weights.Outputs, threads);
        }

        return QuantizedMatrix.FromBlocks(format, weights.Outputs, weights.Inputs, new BorrowedWeights
        {
            Blocks = blocks.Pointer,
            BlockBytes = blocks.Length,
            RowSides = rowSides.Pointer,
            RowSideBytes = rowSides.Length,
            TensorSide = matrixSide.Pointer,
            TensorSideBytes = matrixSide.Length,
        });
    }

    private protected override TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        using QuantizedMatrix matrix = Quantize(((CellNode)format.Weight).Format, weights, threads);
        TensorSet tensors = new();
        tensors.AddCell(matrix);
        return tensors;
    }

    /// <summary>The weights, what they are stored in, and where they go.</summary>
    private unsafe struct TableWork
    {
        public WeightRows Weights;
        public FormatDescriptor Format;
        public IReadOnlyList<float>? Importance;
        public bool IsPerWeight;
        public byte* Blocks;
        public byte* RowSides;
        public byte* MatrixSide;

        public readonly ScalarType Type => Format.Parameters[0].Type!.Value;

        public readonly int Numbers => Format.Parameters[0].Count;

        public readonly float ImportanceOf(long row, int input) =>
            Importance is null ? 1 : Importance[IsPerWeight ? checked((int)((row * Weights.Inputs) + input)) : input];

        public readonly void Pack(long row, byte* codes)
        {
            long rowBytes = Format.RowBytes(Weights.Inputs);
            RowCodes.Pack(Format, codes, null, Blocks + (row * rowBytes), rowBytes);
        }
    }

    /// <summary>An item is a row.</summary>
    private unsafe struct RowWork : IRangeWork
    {
        public TableWork Tables;

        public readonly void Run(long first, long end, int participant)
        {
            int inputs = (int)Tables.Weights.Inputs;
            int bytes = Tables.Format.RowSideBytes / Tables.Numbers;
            TableFit fit = new(inputs, Tables.Numbers, Tables.Type);
            byte[] codes = new byte[RowCodes.Padded(Tables.Format, inputs)];
            for (long r = first; r < end; r++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    fit.Set(i, Tables.Weights.Row(r)[i], Tables.ImportanceOf(r, i));
                }

                fit.Find();
                byte* side = Tables.RowSides + (r * Tables.Format.RowSideBytes);
                foreach (float number in fit.Table)
                {
                    uint bits = FloatBits.Encode(Tables.Type, number);
                    for (int b = 0; b < bytes; b++)
                    {
                        *side++ = (byte)(bits >> (8 * b));
                    }
                }

                for (int i = 0; i < inputs; i++)
                {
                    codes[i] = fit.Nearest(Tables.Weights.Row(r)[i]);
                }

                fixed (byte* q = codes)
                {
                    Tables.Pack(r, q);
                }
            }
        }
    }

    /// <summary>An item is an input.</summary>
    private unsafe struct ColumnWork : IRangeWork
    {
        public TableWork Tables;
        public byte* Codes;

        public readonly void Run(long first, long end, int participant)
        {
            int outputs = checked((int)Tables.Weights.Outputs);
            long padded = RowCodes.Padded(Tables.Format, Tables.Weights.Inputs);
            TableFit fit = new(outputs, Tables.Numbers, Tables.Type);
            for (long i = first; i < end; i++)
            {
                for (int r = 0; r < outputs; r++)
                {
                    fit.Set(r, Tables.Weights.Row(r)[i], Tables.IsPerWeight ? Tables.ImportanceOf(r, (int)i) : 1);
                }

                fit.Find();
                fit.Table.CopyTo(new Span<float>((float*)(Tables.MatrixSide + Tables.Format.TensorSideBytes) + (i * Tables.Numbers), Tables.Numbers));
                for (int r = 0; r < outputs; r++)
                {
                    Codes[(r * padded) + i] = fit.Nearest(Tables.Weights.Row(r)[i]);
                }
            }
        }
    }

    /// <summary>An item is a row of codes.</summary>
    private unsafe struct PackWork : IRangeWork
    {
        public TableWork Tables;
        public byte* Codes;

        public readonly void Run(long first, long end, int participant)
        {
            for (long r = first; r < end; r++)
            {
                Tables.Pack(r, Codes + (r * RowCodes.Padded(Tables.Format, Tables.Weights.Inputs)));
            }
        }
    }
}
