using System.Collections.Generic;

namespace KernelGen;

/// <summary>An outer product around other weights: <c>w = (row[o] * column[i]) * w</c> in f32; a vector that is not there is left out.</summary>
/// <remarks>Tensors: "row" of shape [O] and "column" of shape [I]; I counts the inputs of the matrix.</remarks>
/// <param name="weight">The weights.</param>
/// <param name="row">The stored type of the vector over the outputs, or null.</param>
/// <param name="column">The stored type of the vector over the inputs, or null.</param>
public sealed class OuterNode(WeightNode weight, ScalarType? row, ScalarType? column) : WeightNode
{
    /// <summary>The name of the tensor over the outputs.</summary>
    internal const string RowName = "row";

    /// <summary>The name of the tensor over the inputs.</summary>
    internal const string ColumnName = "column";

    /// <summary>The weights.</summary>
    public WeightNode Weight { get; } = weight;

    /// <summary>The stored type of the vector over the outputs, or null.</summary>
    public ScalarType? Row { get; } = row;

    /// <summary>The stored type of the vector over the inputs, or null.</summary>
    public ScalarType? Column { get; } = column;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Weight.Cells;

    internal override int PartCount => Weight.PartCount;

    internal override bool HasSlabs => Weight.HasSlabs;

    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs) => Weight.ReadSlabs(tensors, prefix, outputs);

    internal override ulong Hash(ulong before) => Weight.Hash(NodeHash.Add(before, $"outer {Row};{Column} "));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => Weight.ReadPartInputs(tensors, inputs);

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope)
    {
        if (Row is { } row)
        {
            yield return new TensorInfo(scope.Prefix + RowName, row, scope.Outputs);
        }

        if (Column is { } column)
        {
            yield return new TensorInfo(scope.Prefix + ColumnName, column, scope.MatrixInputs);
        }

        foreach (TensorInfo tensor in Weight.Tensors(scope))
        {
            yield return tensor;
        }
    }

    internal override Stage Load(TensorSet tensors, NodeScope scope) => new OuterStage(
        Weight.Load(tensors, scope),
        Row is null ? null : PinnedVector.Load(tensors[scope.Prefix + RowName], scope.Rows),
        Column is null ? null : PinnedVector.Load(tensors[scope.Prefix + ColumnName], scope.Columns));
}
