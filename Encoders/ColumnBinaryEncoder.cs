using System;

namespace KernelGen.Encoders;

/// <summary>
/// Signs with a scale and a shift per input: β the mean of a column, α = mean |w - β|, B = sgn(w - β) against the β that will be decoded; sgn 0 is
/// +1.
/// </summary>
/// <remarks>Source: Ma et al., FBI-LLM (2024), the initialisation from which training goes on.</remarks>
public sealed class ColumnBinaryEncoder : StructureEncoder
{
    /// <inheritdoc/>
    public override string Expects => "a cell of signs with a scale and a minimum per input, both of float types and without a transform";

    /// <inheritdoc/>
    public override bool Accepts(StructureDescriptor format)
    {
        ArgumentNullException.ThrowIfNull(format);
        return format.Weight is ColumnNode { Scale: { } scale, Min: { } min } columns && IsPlain(scale) && IsPlain(min) && SignCell.Is(columns.Weight);
    }

    private protected override unsafe TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads)
    {
        ColumnNode columns = (ColumnNode)format.Weight;
        double[] mean = new double[weights.Inputs];
        double[] deviation = new double[weights.Inputs];
        for (long row = 0; row < weights.Outputs; row++)
        {
            float* w = weights.Row(row);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] += w[i];
            }
        }

        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] /= weights.Outputs;
        }

        for (long row = 0; row < weights.Outputs; row++)
        {
            float* w = weights.Row(row);
            for (int i = 0; i < mean.Length; i++)
            {
                deviation[i] += Math.Abs(w[i] - mean[i]) / weights.Outputs;
            }
        }

        TensorSet tensors = new();
        StoredTensor shift = tensors.Add(new TensorInfo(columns.Min!.Name, columns.Min.Type, weights.Inputs));
        Numbers.Store(mean, shift);
        Numbers.Store(deviation, tensors.Add(new TensorInfo(columns.Scale!.Name, columns.Scale.Type, weights.Inputs)));
        SignBits bits = SignCell.Add(tensors, string.Empty, (CellNode)columns.Weight, weights.Outputs, weights.Inputs);
        float[] decoded = new float[weights.Inputs];
        for (int i = 0; i < decoded.Length; i++)
        {
            decoded[i] = shift.GetNumber(i);
        }

        for (long row = 0; row < weights.Outputs; row++)
        {
            float* w = weights.Row(row);
            for (int i = 0; i < decoded.Length; i++)
            {
                bits.Set(row, i, w[i] >= decoded[i]);
            }
        }

        return tensors;
    }

    private static bool IsPlain(ColumnParameter parameter) =>
        SignCell.IsFloat(parameter.Type) && parameter is { Multiply: 1, Add: 0, Negative: false };
}
