using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Encoders;

namespace KernelGen.Conformance.Examples;

/// <summary>
/// A stored matrix of a structured twin declaration with its tensors for comparison. Every call runs all targets of this machine and
/// counts results in which they differ.
/// </summary>
internal sealed class StructureTwin : IDisposable
{
    private readonly TensorSet _tensors;
    private readonly StructuredMatrix _matrix;

    private StructureTwin(StructureDescriptor format, TensorSet tensors, int outputs, int inputs)
    {
        _tensors = tensors;
        _matrix = StructuredMatrix.FromTensors(format, outputs, inputs, tensors);
    }

    /// <summary>Results in which the targets disagreed, so far.</summary>
    public int Disagreements { get; private set; }

    /// <summary>The decoded weights.</summary>
    public float[] Decoded
    {
        get
        {
            float[]? first = null;
            foreach (KernelTarget target in Targets)
            {
                float[] all = new float[_matrix.Outputs * _matrix.Inputs];
                for (int row = 0; row < _matrix.Outputs; row++)
                {
                    _matrix.DequantizeRow(row, all.AsSpan(row * (int)_matrix.Inputs, (int)_matrix.Inputs), target);
                }

                first ??= all;
                Disagreements += first.Zip(all).Count(pair => BitConverter.SingleToInt32Bits(pair.First) != BitConverter.SingleToInt32Bits(pair.Second));
            }

            return first!;
        }
    }

    private IEnumerable<KernelTarget> Targets => _matrix.Format.Cells
        .Select(static cell => cell.Kernels.Select(static kernels => kernels.Target).Where(TargetSelection.IsSupported))
        .Aggregate(static (all, next) => all.Intersect(next));

    /// <summary>Encodes an example's input, or other weights of it, and changes tensors afterwards.</summary>
    public static unsafe StructureTwin Encode<TFormat>(StructureEncoder encoder, Example example, Action<TensorSet>? change = null, string weightsAt = "input")
        where TFormat : struct, IStructuredFormat<TFormat>
    {
        (int outputs, int inputs) = example.Shape(weightsAt);
        fixed (float* weights = example.Floats(weightsAt))
        {
            TensorSet tensors = encoder.Encode(TFormat.Structure, new WeightRows(weights, inputs, outputs, inputs));
            change?.Invoke(tensors);
            return new(TFormat.Structure, tensors, outputs, inputs);
        }
    }

    /// <summary>The stored bits of a tensor.</summary>
    public IEnumerable<long> Bits(string tensor) =>
        Enumerable.Range(0, (int)_tensors[tensor].Info.Count).Select(i => (long)_tensors[tensor].GetBits(i));

    /// <summary>The numbers of a tensor.</summary>
    public IEnumerable<float> Numbers(string tensor) =>
        Enumerable.Range(0, (int)_tensors[tensor].Info.Count).Select(i => _tensors[tensor].GetNumber(i));

    /// <summary>The codes of a cell in whole-row blocks, row after row, low bits first.</summary>
    public IEnumerable<long> Codes(string prefix)
    {
        int part = prefix.Length == 0 ? 0 : prefix["parts.".Length] - '0';
        int bits = _matrix.Format.Cells[part].CodeBits;
        long inputs = prefix.StartsWith("parts.", StringComparison.Ordinal) ? _matrix.PartInputs[part] : _matrix.Inputs;
        StoredTensor blocks = _tensors[prefix + "blocks"];
        long rowBits = blocks.Info.Shape[1] * 8;
        for (long row = 0; row < _matrix.Outputs; row++)
        {
            for (long k = 0; k < inputs; k++)
            {
                long at = (row * rowBits) + (k * bits);
                uint next = (at % 8) + bits > 8 ? blocks.GetBits((at / 8) + 1) : 0;
                yield return ((blocks.GetBits(at / 8) | (next << 8)) >> (int)(at % 8)) & ((1u << bits) - 1);
            }
        }
    }

    /// <summary>The product with one row of activations, in f32.</summary>
    public float[] Multiply(float[] x)
    {
        float[] y = new float[_matrix.Outputs];
        _matrix.Multiply(x, 1, y, new MultiplyOptions { Mode = ComputeMode.Float32 });
        return y;
    }

    public void Dispose()
    {
        _matrix.Dispose();
        _tensors.Dispose();
    }
}
