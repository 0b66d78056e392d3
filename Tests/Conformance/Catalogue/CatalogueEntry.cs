using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Encoders;

namespace KernelGen.Conformance.Catalogue;

/// <summary>A format of the catalogue: what its page says about it.</summary>
internal abstract class CatalogueEntry
{
    /// <summary>Outputs and inputs of the matrix that figures are for.</summary>
    protected const int Side = 4096;

    /// <summary>The format's name.</summary>
    public abstract string Name { get; }

    /// <summary>The type with its namespace.</summary>
    public abstract string FullName { get; }

    /// <summary>The formula and the layout.</summary>
    public abstract string Description { get; }

    /// <summary>Bits per weight as a function of the shape, in words.</summary>
    public abstract string BitsText { get; }

    /// <summary>Stored bits per weight of a matrix of 4096 x 4096.</summary>
    public abstract double Bits { get; }

    /// <summary>Bits per weight of its panels for AVX2; null where the build has no such kernels.</summary>
    public abstract double? PackedBits { get; }

    /// <summary>Further facts, a sentence each.</summary>
    public abstract IEnumerable<string> Facts { get; }

    /// <summary>Σ (decoded - w)² / Σ w² of weights, or null where the format has no such encoder.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Row length.</param>
    /// <param name="search">Whether by the library's search instead of the format's own encoder.</param>
    public double? Nmse(float[] weights, int outputs, int inputs, bool search)
    {
        using IWeightMatrix? matrix = search ? Search(weights, outputs, inputs) : Quantize(weights, outputs, inputs);
        if (matrix is null)
        {
            return null;
        }

        double error = 0;
        double square = 0;
        float[] row = new float[inputs];
        for (int o = 0; o < outputs; o++)
        {
            matrix.DequantizeRow(o, row, KernelTarget.Scalar);
            for (int i = 0; i < inputs; i++)
            {
                double weight = weights[(o * inputs) + i];
                error += (row[i] - weight) * (row[i] - weight);
                square += weight * weight;
            }
        }

        return error / square;
    }

    /// <summary>Quantizes weights, or gives null where the format has no encoder.</summary>
    protected abstract IWeightMatrix? Quantize(float[] weights, int outputs, int inputs);

    /// <summary>Quantizes weights by search, or gives null where the format is of a kind that is not searched.</summary>
    protected virtual IWeightMatrix? Search(float[] weights, int outputs, int inputs) => null;

    /// <summary>A number as text, the same everywhere.</summary>
    protected static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>Bytes of panels in bits per weight.</summary>
    protected static double? PackedBitsOf(FormatDescriptor format, long outputs, long inputs)
    {
        PanelLayout? panel = format.Kernels.FirstOrDefault(static k => k.Target == KernelTarget.Avx2)?.Panel;
        return panel is null ? null : (double)((outputs + panel.Rows - 1) / panel.Rows * panel.PanelBytes(inputs)) * 8 / ((double)outputs * inputs);
    }
}

/// <summary>A format of one cell.</summary>
internal sealed class CellEntry(FormatDescriptor format) : CatalogueEntry
{
    public override string Name => format.Name;

    public override string FullName => format.FullName;

    public override string Description => format.Description;

    public override double Bits => format.BitsPerWeight(Side, Side);

    public override double? PackedBits => PackedBitsOf(format, Side, Side);

    public override string BitsText
    {
        get
        {
            string side = (format.RowSideBytes > 0 ? $" + {8 * format.RowSideBytes} / I" : "") + (format.TensorSideBytes > 0 ? $" + {8 * format.TensorSideBytes} / (O I)" : "");
            double whole = 8.0 * format.BlockBytes / format.BlockInputs;
            return format.Ragged switch
            {
                RaggedRows.Short => $"{Text(whole)}{side}, and the last byte of a row filled up",
                RaggedRows.Pad => $"{8 * format.BlockBytes} ⌈I / {format.BlockInputs}⌉ / I{side}, which is {Text(whole)}{side} where I is a multiple of {format.BlockInputs} and {Text(format.BitsPerWeight(Side, 2880))} at I = 2880",
                _ => $"{Text(whole)}{side}; I must be a multiple of {format.BlockInputs}",
            };
        }
    }

    public override IEnumerable<string> Facts
    {
        get
        {
            yield return format.MaxCodeError is { } error
                ? $"Rounded to nearest inside the range of its group, a weight is off by at most {Text(error)} of the group's scale."
                : "There is no bound on the error of a single weight.";
            yield return !format.HasInt8Kernels ? "Products are f32."
                : format.Int8TableError > 0
                    ? $"Products with int8 activations take the codebook as 11-bit integers, off by at most {format.Int8TableError.ToString("0.0E+0", CultureInfo.InvariantCulture)} of its largest entry."
                    : "Products with int8 activations take the codes exactly.";
            if (!format.HasEncoder)
            {
                yield return SearchedEncoder.Accepts(format) ? "It is written by search only." : "It is read and multiplied, not written.";
            }
        }
    }

    protected override IWeightMatrix? Quantize(float[] weights, int outputs, int inputs) =>
        format.HasEncoder ? QuantizedMatrix.Quantize(format, weights, outputs, inputs) : null;

    protected override IWeightMatrix? Search(float[] weights, int outputs, int inputs) =>
        SearchedEncoder.Accepts(format) ? SearchedEncoder.Encode(format, weights, outputs, inputs) : null;
}

/// <summary>A structured format. Where its encoder wants to know the activations, they fall from the first column to the last.</summary>
internal sealed unsafe class StructureEntry(StructureDescriptor format) : CatalogueEntry
{
    private const double Salient = 0.2;

    public override string Name => format.Name;

    public override string FullName => format.FullName;

    public override string Description => format.Description;

    public override double Bits => format.BitsPerWeight(Side, Side, Counts(Side));

    // Cells are packed apart, each for its own columns.
    public override double? PackedBits
    {
        get
        {
            long[] parts = Parts(Side);
            double sum = 0;
            for (int cell = 0; cell < format.Cells.Count; cell++)
            {
                long inputs = parts.Length == 0 ? Side : parts[cell];
                if (PackedBitsOf(format.Cells[cell], Side, inputs) is not { } bits)
                {
                    return null;
                }

                sum += bits * inputs / Side;
            }

            return sum;
        }
    }

    public override string BitsText =>
        $"the tensors below; {Text(Bits)} at 4096 x 4096{(format.PartCount > 0 ? $" with {Parts(Side)[^1]} columns in the last part" : "")}, {Text(format.BitsPerWeight(Side, 11008, Counts(11008)))} at 4096 x 11008";

    public override IEnumerable<string> Facts
    {
        get
        {
            yield return $"Cells: {string.Join(", ", format.Cells.GroupBy(static c => c.Name, static (name, same) => same.Count() == 1 ? $"`{name}`" : $"{same.Count()} `{name}`"))}.";
            yield return $"Tensors at 4096 x 4096: {string.Join("; ", format.Tensors(Side, Side, Counts(Side)).Select(static t => $"`{t}`"))}.";
            if (format.PostNorm is { } epsilon)
            {
                yield return $"A norm over the outputs follows the product, ε = {epsilon.ToString("R", CultureInfo.InvariantCulture)}.";
            }
        }
    }

    protected override IWeightMatrix? Quantize(float[] weights, int outputs, int inputs)
    {
        // Falling activation maxima: the first columns are the salient ones.
        StructureEncoder[] encoders = [new SignValueEncoder(), new ColumnBinaryEncoder(), new SalientBinaryEncoder([.. Enumerable.Range(0, inputs).Select(i => (float)(inputs - i))]), new DualBinaryEncoder(), new ResidualEncoder(), new ResidualEncoder(new SignValueEncoder()), new LearnedCodebookEncoder(), new ColumnWidthEncoder(Salient), new RowGroupEncoder(16)];
        fixed (float* first = weights)
        {
            return encoders.FirstOrDefault(e => e.Accepts(format))?.Quantize(format, new WeightRows(first, inputs, outputs, inputs));
        }
    }

    // One slab, where there are slabs.
    private long[] Counts(long inputs) => format.HasSlabs ? [.. Parts(inputs), 1] : Parts(inputs);

    // The last part is the smaller one of two; more parts share the columns evenly.
    private long[] Parts(long inputs)
    {
        if (format.PartCount == 0)
        {
            return [];
        }

        long[] parts = [.. Enumerable.Repeat(inputs / format.PartCount, format.PartCount)];
        parts[^1] = parts.Length == 2 ? (long)(inputs * Salient) : parts[^1];
        parts[0] += inputs - parts.Sum();
        return parts;
    }
}
