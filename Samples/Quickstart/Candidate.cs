using System.Collections.Generic;
using System.Linq;
using KernelGen;
using KernelGen.Encoders;

namespace Quickstart;

/// <summary>A format to try: of one cell, or structured.</summary>
internal abstract unsafe class Candidate
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Quantizes weights.</summary>
    /// <param name="weights">Weights, row after row.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    public abstract IWeightMatrix Quantize(float* weights, long outputs, int inputs, int threads);

    /// <summary>The kernels that will run.</summary>
    /// <param name="named">The kernels that were asked for, or null.</param>
    /// <returns>Their target.</returns>
    public abstract KernelTarget Target(KernelTarget? named);

    /// <summary>Which kernels run, and why.</summary>
    /// <returns>Lines.</returns>
    public abstract string Explain();

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A format of one cell, with the encoder it declares, or the library's that is usual for its kind.</summary>
/// <param name="format">A format that <see cref="HasEncoder"/>.</param>
internal sealed unsafe class CellCandidate(FormatDescriptor format) : Candidate
{
    /// <inheritdoc/>
    public override string Name => format.Name;

    /// <summary>The format.</summary>
    public FormatDescriptor Format => format;

    /// <summary>Whether there is an encoder for a format.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether there is.</returns>
    public static bool HasEncoder(FormatDescriptor format) => format.HasEncoder || SearchedEncoder.IsUsual(format) || LearnedCodebookEncoder.Accepts(format);

    /// <inheritdoc/>
    public override IWeightMatrix Quantize(float* weights, long outputs, int inputs, int threads) =>
        QuantizeCell(weights, outputs, inputs, threads);

    /// <summary>Quantizes weights.</summary>
    /// <param name="weights">Weights, row after row.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    public QuantizedMatrix QuantizeCell(float* weights, long outputs, int inputs, int threads) => SearchedEncoder.IsUsual(format)
        ? SearchedEncoder.Encode(format, new WeightRows(weights, inputs, outputs, inputs), default, new SearchOptions { Threads = threads })
        : LearnedCodebookEncoder.Accepts(format) ? new LearnedCodebookEncoder().Quantize(format, new WeightRows(weights, inputs, outputs, inputs), threads)
        : QuantizedMatrix.Quantize(format, weights, inputs, outputs, inputs, threads);

    /// <inheritdoc/>
    public override KernelTarget Target(KernelTarget? named) => TargetSelection.Select(format, named).Target;

    /// <inheritdoc/>
    public override string Explain() => TargetSelection.Explain(format);
}

/// <summary>
/// A structured format, with the library's encoder for its kind. This program has no activations to choose salient columns by; it takes the
/// columns of the largest weights.
/// </summary>
/// <param name="format">A format that <see cref="HasEncoder"/>.</param>
internal sealed unsafe class StructureCandidate(StructureDescriptor format) : Candidate
{
    /// <inheritdoc/>
    public override string Name => format.Name;

    /// <summary>Whether the library has an encoder for a format's kind.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it has.</returns>
    public static bool HasEncoder(StructureDescriptor format) => Encoders([]).Any(encoder => encoder.Accepts(format));

    /// <inheritdoc/>
    public override IWeightMatrix Quantize(float* weights, long outputs, int inputs, int threads)
    {
        float[] maxima = new float[inputs];
        for (long row = 0; row < outputs; row++)
        {
            for (int i = 0; i < inputs; i++)
            {
                float magnitude = float.Abs(weights[(row * inputs) + i]);
                maxima[i] = float.IsFinite(magnitude) ? float.Max(maxima[i], magnitude) : maxima[i];
            }
        }

        StructureEncoder encoder = Encoders(maxima).First(e => e.Accepts(format));
        return encoder.Quantize(format, new WeightRows(weights, inputs, outputs, inputs), threads);
    }

    /// <inheritdoc/>
    public override KernelTarget Target(KernelTarget? named) => format.Cells.Min(cell => TargetSelection.Select(cell, named).Target);

    /// <inheritdoc/>
    public override string Explain() => TargetSelection.Explain(format.Cells[0]);

    private static StructureEncoder[] Encoders(IReadOnlyList<float> maxima) =>
        [
            new SignValueEncoder(), new ColumnBinaryEncoder(), new SalientBinaryEncoder(maxima),
            new DualBinaryEncoder(), new ResidualEncoder(), new ResidualEncoder(new SignValueEncoder()),
            new OutputGroupEncoder(), new SlabTernaryEncoder(1), new TileEncoder(), new NestedScaleEncoder(), new LearnedCodebookEncoder(), new ColumnWidthEncoder(),
            new RowGroupEncoder(16),
        ];
}
