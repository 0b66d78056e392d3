using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KernelGen;

/// <summary>Weights in a format of one cell: the leaf of a structure, where the generated kernels run.</summary>
/// <remarks>
/// Tensors: "blocks", <see cref="ScalarType.UInt8"/> [O, bytes of a row], and one of shape [O] or [1] for each parameter per row or
/// matrix, under the parameter's name.
/// </remarks>
/// <param name="format">The format.</param>
public sealed class CellNode(FormatDescriptor format) : WeightNode
{
    /// <summary>The name of the tensor of stored rows.</summary>
    internal const string Blocks = "blocks";

    /// <summary>The format.</summary>
    public FormatDescriptor Format { get; } = format;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => [Format];

    internal override int PartCount => 0;

    internal override ulong Hash(ulong before) => NodeHash.Add(before, "cell " + Format.LayoutHash.ToString("x16", CultureInfo.InvariantCulture));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => [];

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope) => Sides(Format)
        .Select(side => new TensorInfo(scope.Prefix + side.Name, TypeOf(side), side.Per == Extent.Row ? scope.Outputs : 1))
        .Prepend(new TensorInfo(scope.Prefix + Blocks, ScalarType.UInt8, scope.Outputs, MatrixShape.RowBytes(Format, scope.Outputs, scope.Inputs)));

    internal override Stage Load(TensorSet tensors, NodeScope scope) => new CellStage(CellTensors.Load(Format, tensors, scope));

    /// <summary>The type of a side parameter's tensor: a scalar that the format declares itself is a byte.</summary>
    internal static ScalarType TypeOf(FormatParameter side) => side.Type ?? ScalarType.UInt8;

    /// <summary>The parameters of a format that are stored beside the rows.</summary>
    internal static IEnumerable<FormatParameter> Sides(FormatDescriptor format) => format.Parameters.Where(static parameter => parameter.EntriesPerBlock == 0);
}
