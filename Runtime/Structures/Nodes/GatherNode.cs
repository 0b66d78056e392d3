using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>Weights whose rows are stored in another order than the outputs: stored row j belongs to output order[j].</summary>
/// <remarks>
/// Tensor: "order" of shape [O], a permutation of 0 … O - 1. The rows, and what is stored per row, are put in the order of the outputs when they are
/// loaded, so products know nothing of it.
/// </remarks>
/// <param name="weight">The weights.</param>
/// <param name="type">The stored type of an entry: <see cref="ScalarType.UInt16"/> or <see cref="ScalarType.UInt32"/>.</param>
public sealed class GatherNode(WeightNode weight, ScalarType type) : WeightNode
{
    /// <summary>The name of the tensor.</summary>
    internal const string Order = "order";

    /// <summary>The weights.</summary>
    public WeightNode Weight { get; } = weight;

    /// <summary>The stored type of an entry.</summary>
    public ScalarType Type { get; } = type;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Weight.Cells;

    internal override int PartCount => Weight.PartCount;

    internal override bool HasSlabs => Weight.HasSlabs;

    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs) => Weight.ReadSlabs(tensors, prefix, outputs);

    internal override ulong Hash(ulong before) => Weight.Hash(NodeHash.Add(before, $"gather outputs {Type} "));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => Weight.ReadPartInputs(tensors, inputs);

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope)
    {
        long most = 1L << ScalarElements.Bits(Type);
        if (scope.Outputs > most)
        {
            throw new MatrixShapeException($"The order of the rows is stored as {Type}, which numbers {most} outputs; {scope.Outputs} were asked for.", "outputs");
        }

        yield return new TensorInfo(scope.Prefix + Order, Type, scope.Outputs);
        foreach (TensorInfo tensor in Weight.Tensors(scope))
        {
            yield return tensor;
        }
    }

    internal override Stage Load(TensorSet tensors, NodeScope scope)
    {
        StoredTensor order = tensors[scope.Prefix + Order];
        int[] rows = new int[checked((int)scope.Outputs)];
        Array.Fill(rows, -1);
        for (int row = 0; row < rows.Length; row++)
        {
            uint output = order.GetBits(row);
            if (output >= (uint)rows.Length || rows[output] >= 0)
            {
                throw new StoredTensorException(order.Info.Name, $"entry {row} is {output}; every output from 0 to {rows.Length - 1} must occur once.");
            }

            rows[output] = row;
        }

        return Weight.Load(tensors, scope with { Rows = rows });
    }
}
