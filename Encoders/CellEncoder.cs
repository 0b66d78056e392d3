using System;

namespace KernelGen.Encoders;

/// <summary>Encodes a single cell by the encoder that its own declaration describes: a term of a sum, or a format that is no structure.</summary>
public sealed class CellEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects => "one cell that has an encoder, no parameter of which is shared by outputs or blocks";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is CellNode { Format.HasEncoder: true, Shared.Count: 0 };
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        FormatDescriptor cell = ((CellNode)format.Weight).Format;
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(cell, weights.First, weights.Stride, weights.Outputs, weights.Inputs, threads);
        TensorSet tensors = new();
        tensors.AddCell(matrix);
        return tensors;
    }
}
