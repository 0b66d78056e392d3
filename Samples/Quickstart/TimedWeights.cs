using System;
using System.Linq;
using KernelGen;

namespace Quickstart;

/// <summary>
/// The weights whose products are timed: the model's smallest matrix that is at least 4096 x 4096 large, as it is; where there is none,
/// its largest matrix, repeated along both sides.
/// </summary>
/// <param name="Source">The matrix of the model.</param>
/// <param name="Outputs">Outputs of the timed matrix.</param>
/// <param name="Inputs">Inputs of the timed matrix.</param>
internal sealed unsafe record TimedWeights(Matrix Source, long Outputs, int Inputs)
{
    private const int TiledInputs = 4096;
    private const int TiledOutputs = 4096;

    /// <summary>Which weights and shape these are, in words.</summary>
    public string Description => IsWhole
        ? $"{Outputs} x {Inputs}, {Source.Name} as it is"
        : $"{Outputs} x {Inputs}, tiled from {Source}, because no matrix of the model is that large";

    private bool IsWhole => Outputs == Source.Rows && Inputs == Source.Columns;

    /// <summary>Chooses them.</summary>
    /// <param name="model">The model.</param>
    /// <returns>The choice.</returns>
    public static TimedWeights Choose(Model model)
    {
        Matrix? whole = model.Matrices.Where(m => m.Count >= (long)TiledOutputs * TiledInputs).MinBy(m => m.Count);
        return whole is not null
            ? new TimedWeights(whole, whole.Rows, whole.Columns)
            : new TimedWeights(model.Matrices.MaxBy(m => m.Count)!, TiledOutputs, TiledInputs);
    }

    /// <summary>The rows that differ from each other, each as long as the timed matrix's.</summary>
    /// <returns>The memory; dispose it.</returns>
    public NativeBuffer Load()
    {
        if (IsWhole)
        {
            return Source.Load();
        }

        using NativeBuffer weights = Source.Load();
        long rows = Math.Min(Source.Rows, Outputs);
        NativeBuffer tile = new(checked(rows * Inputs * sizeof(float)));
        for (long row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = new((float*)weights.Pointer + (row * Source.Columns), Source.Columns);
            Span<float> to = new((float*)tile.Pointer + (row * Inputs), Inputs);
            for (int column = 0; column < Inputs; column += from.Length)
            {
                from[..Math.Min(from.Length, Inputs - column)].CopyTo(to[column..]);
            }
        }

        return tile;
    }

    /// <summary>Quantizes the weights: of a format of one cell the rows that differ, whose stored bytes are then repeated.</summary>
    /// <param name="format">The format.</param>
    /// <param name="tile">What <see cref="Load"/> gave.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    public IWeightMatrix Quantize(Candidate format, NativeBuffer tile, int threads) => format is CellCandidate cell
        ? Quantize(cell, tile, threads)
        : QuantizeWhole(format, tile, threads);

    private QuantizedMatrix Quantize(CellCandidate cell, NativeBuffer tile, int threads)
    {
        FormatDescriptor format = cell.Format;
        long rows = Math.Min(Source.Rows, Outputs);
        QuantizedMatrix part = cell.QuantizeCell((float*)tile.Pointer, rows, Inputs, threads);
        if (rows == Outputs)
        {
            return part;
        }

        using (part)
        {
            QuantizedMatrix whole = QuantizedMatrix.Create(format, Outputs, Inputs, new ReadOnlySpan<byte>(part.TensorSide, (int)part.TensorSideByteCount));
            for (long row = 0; row < Outputs; row += rows)
            {
                long count = Math.Min(rows, Outputs - row);
                Copy(part.Blocks, whole.Blocks, row * part.RowByteCount, count * part.RowByteCount);
                Copy(part.RowSides, whole.RowSides, row * format.RowSideBytes, count * format.RowSideBytes);
            }

            return whole;
        }
    }

    private IWeightMatrix QuantizeWhole(Candidate format, NativeBuffer tile, int threads)
    {
        long rows = Math.Min(Source.Rows, Outputs);
        if (rows == Outputs)
        {
            return format.Quantize((float*)tile.Pointer, Outputs, Inputs, threads);
        }

        long rowBytes = (long)Inputs * sizeof(float);
        using NativeBuffer all = new(checked(Outputs * rowBytes));
        for (long row = 0; row < Outputs; row += rows)
        {
            Buffer.MemoryCopy(tile.Pointer, all.Pointer + (row * rowBytes), (Outputs - row) * rowBytes, Math.Min(rows, Outputs - row) * rowBytes);
        }

        return format.Quantize((float*)all.Pointer, Outputs, Inputs, threads);
    }

    private static void Copy(byte* from, byte* to, long offset, long bytes) => Buffer.MemoryCopy(from, to + offset, bytes, bytes);
}
