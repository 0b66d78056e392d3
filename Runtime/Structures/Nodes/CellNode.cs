using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KernelGen;

/// <summary>Weights in a format of one cell: the leaf of a structure, where the generated kernels run.</summary>
/// <remarks>
/// Tensors: "blocks", <see cref="ScalarType.UInt8"/> [O, bytes of a row], and one of shape [O], [columns] or [1] for each parameter per row, input or
/// matrix, under the parameter's name; of a table [O, numbers] and so on, per input for the cell's own columns only. Of a parameter that several outputs
/// or blocks share the tensor has an entry for all of them; where it is one of the block's, [outputs / their number, entries of a row], or, counted through all
/// blocks of the matrix, [blocks / their number], the stored blocks lack its bytes. Where runs of rows share an entry, "runs",
/// <see cref="ScalarType.UInt32"/> [runs], has the length of each; they add up to O.
/// </remarks>
/// <param name="format">The format.</param>
/// <param name="shared">The parameters that several outputs or blocks share.</param>
public sealed class CellNode(FormatDescriptor format, params SharedParameter[] shared) : WeightNode
{
    /// <summary>The name of the tensor of stored rows.</summary>
    internal const string Blocks = "blocks";

    /// <summary>The name of the tensor of the lengths of runs of rows.</summary>
    internal const string Runs = "runs";

    /// <summary>The format.</summary>
    public FormatDescriptor Format { get; } = format;

    /// <summary>The parameters that several outputs or blocks share.</summary>
    public IReadOnlyList<SharedParameter> Shared { get; } = shared;

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => [Format];

    internal override int PartCount => 0;

    internal override bool HasSlabs => shared.Any(static parameter => parameter.IsCounted);

    private bool HasRuns => shared.Any(static parameter => parameter.IsRuns);

    internal override ulong Hash(ulong before) => NodeHash.Add(
        before,
        "cell " + Format.LayoutHash.ToString("x16", CultureInfo.InvariantCulture) + string.Concat(shared.Select(static parameter => FormattableString.Invariant($" shared {parameter.Name},{parameter.Outputs}")
            + (parameter.Blocks == 1 ? string.Empty : FormattableString.Invariant($",{parameter.Blocks}{(parameter.IsFlat ? ",flat" : string.Empty)}")))));

    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs)
    {
        if (HasRuns)
        {
            StoredTensor runs = tensors[prefix + Runs];
            if (runs.Info is not { Type: ScalarType.UInt32, Shape: [> 0 and long number] })
            {
                throw new StoredTensorException(runs.Info.Name, $"it is {runs.Info}; expected was a vector of {ScalarType.UInt32} with the length of each run of the {outputs} rows.");
            }

            // Other tensors are as long as this one, so its own faults come first.
            _ = RunOfRow(runs, outputs);
            return number;
        }

        if (shared.FirstOrDefault(static parameter => parameter.Outputs == 0) is not { } slabs)
        {
            return 0;
        }

        TensorInfo stored = tensors[prefix + slabs.Name].Info;
        return stored.Shape is [> 0 and long count] && outputs % count == 0
            ? count
            : throw new StoredTensorException(stored.Name, $"it is {stored}; expected was a vector with an entry for each of equal slabs of the {outputs} outputs.");
    }

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs) => [];

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope)
    {
        if (HasSlabs && !HasRuns && scope.Outputs % scope.Slabs != 0)
        {
            throw new MatrixShapeException($"{Format.Name} has parameters for equal slabs of outputs; {scope.Slabs} slabs do not divide {scope.Outputs} outputs. Give their number as the last count.", "counts");
        }

        yield return new TensorInfo(scope.Prefix + Blocks, ScalarType.UInt8, scope.Outputs, SharedEntries.RowBytes(Format, shared, scope));
        foreach (FormatParameter side in Sides(Format))
        {
            SharedParameter? group = shared.FirstOrDefault(parameter => parameter.Name == side.Name);
            long entries = side.Per == Extent.Column ? scope.Inputs : side.Per != Extent.Row ? 1 : group is null ? scope.Outputs : group.Groups(scope);
            yield return CellTensors.InfoOf(side, scope.Prefix, entries);
        }

        if (HasRuns)
        {
            yield return new TensorInfo(scope.Prefix + Runs, ScalarType.UInt32, scope.Slabs);
        }

        foreach (SharedParameter parameter in shared.Where(static parameter => parameter.Bytes != 0))
        {
            yield return parameter.Tensor(scope, SharedEntries.RowBlocks(Format, scope.Inputs));
        }
    }

    internal override Stage Load(TensorSet tensors, NodeScope scope)
    {
        NodeScope own = HasRuns ? scope with { RunOfRow = RunOfRow(tensors[scope.Prefix + Runs], scope.Outputs) } : scope;
        return new CellStage(CellTensors.Load(Format, shared, tensors, own), scope.Rows, shared);
    }

    /// <summary>The run of every stored row.</summary>
    private static int[] RunOfRow(StoredTensor lengths, long outputs)
    {
        int[] runs = new int[checked((int)outputs)];
        long end = 0;
        for (int run = 0; run < lengths.Info.Count; run++)
        {
            long first = end;
            end += lengths.GetBits(run);
            if (end > outputs)
            {
                break;
            }

            runs.AsSpan((int)first, (int)(end - first)).Fill(run);
        }

        return end == outputs
            ? runs
            : throw new StoredTensorException(lengths.Info.Name, $"the lengths add up to {(end > outputs ? "more" : end.ToString(CultureInfo.InvariantCulture))}; expected were the {outputs} rows.");
    }

    /// <summary>The type of a side parameter's tensor: a scalar that the format declares itself is a byte.</summary>
    internal static ScalarType TypeOf(FormatParameter side) => side.Type ?? ScalarType.UInt8;

    /// <summary>The parameters of a format that are stored beside the rows.</summary>
    internal static IEnumerable<FormatParameter> Sides(FormatDescriptor format) => format.Parameters.Where(static parameter => parameter.EntriesPerBlock == 0);
}
