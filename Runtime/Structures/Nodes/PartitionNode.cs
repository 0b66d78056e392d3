using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace KernelGen;

/// <summary>Columns divided among parts by a stored mask; every part stores its own columns densely, in their order.</summary>
/// <remarks>
/// Tensors: "mask" of shape [I], the part of every column, and those of part p under the prefix "parts.p."; of a part without
/// columns nothing is stored.
/// </remarks>
/// <param name="parts">2 to 256 parts, by mask value.</param>
public sealed unsafe class PartitionNode(IReadOnlyList<WeightNode> parts) : WeightNode
{
    /// <summary>The name of the mask.</summary>
    internal const string Mask = "mask";

    /// <summary>The parts, by mask value.</summary>
    public IReadOnlyList<WeightNode> Parts { get; } = parts;

    /// <summary>The type of a mask entry: the least number of bits that tells the parts apart.</summary>
    public ScalarType MaskType => ScalarType.UInt1 + BitOperations.Log2((uint)(Parts.Count - 1));

    /// <inheritdoc/>
    public override IEnumerable<FormatDescriptor> Cells => Parts.SelectMany(static part => part.Cells);

    /// <summary>What the names of a part's tensors start with.</summary>
    /// <param name="part">The part.</param>
    /// <returns>The prefix.</returns>
    internal static string Prefix(int part) => FormattableString.Invariant($"parts.{part}.");

    internal override int PartCount => Parts.Count;

    internal override bool HasSlabs => Parts.Any(static part => part.HasSlabs);

    // Of a part without columns nothing is stored; where all parts with slabs are such, one slab will do.
    internal override long ReadSlabs(TensorSet tensors, string prefix, long outputs) => Enumerable.Range(0, Parts.Count)
        .Where(part => Parts[part].HasSlabs && tensors.Tensors.Any(tensor => tensor.Info.Name.StartsWith(prefix + Prefix(part), StringComparison.Ordinal)))
        .Select(part => Parts[part].ReadSlabs(tensors, prefix + Prefix(part), outputs))
        .FirstOrDefault(1);

    internal override ulong Hash(ulong before) =>
        Parts.Aggregate(NodeHash.Add(before, FormattableString.Invariant($"partition {Parts.Count} ")), static (hash, part) => part.Hash(hash));

    internal override long[] ReadPartInputs(TensorSet tensors, long inputs)
    {
        StoredTensor mask = tensors[Mask];
        TensorInfo expected = new(Mask, MaskType, inputs);
        if (!mask.Info.HasSameShape(expected))
        {
            throw new StoredTensorException(Mask, $"it is {mask.Info}; expected was {expected}.");
        }

        long[] counts = new long[Parts.Count];
        for (long i = 0; i < inputs; i++)
        {
            uint part = mask.GetBits(i);
            if (part >= counts.Length)
            {
                throw new StoredTensorException(Mask, $"entry {i} assigns the column to part {part}; there are parts 0 to {counts.Length - 1}.");
            }

            counts[part]++;
        }

        int used = (int)(inputs * ScalarElements.Bits(MaskType) % 8);
        if (used != 0 && mask.Pointer[mask.Info.ByteCount - 1] >> used != 0)
        {
            throw new StoredTensorException(Mask, $"the bits after its {inputs} entries are not zero; it was made for another number of columns.");
        }

        return counts;
    }

    internal override IEnumerable<TensorInfo> Tensors(NodeScope scope) => Enumerable.Range(0, Parts.Count)
        .Where(part => scope.PartInputs[part] > 0)
        .SelectMany(part => Parts[part].Tensors(Of(part, scope, null)))
        .Prepend(new TensorInfo(scope.Prefix + Mask, MaskType, scope.MatrixInputs));

    internal override Stage Load(TensorSet tensors, NodeScope scope)
    {
        StoredTensor mask = tensors[scope.Prefix + Mask];
        int[][] columns = [.. scope.PartInputs.Select(static count => GC.AllocateUninitializedArray<int>(checked((int)count), pinned: true))];
        int[] filled = new int[columns.Length];
        for (int i = 0; i < scope.MatrixInputs; i++)
        {
            uint part = mask.GetBits(i);
            columns[part][filled[part]++] = i;
        }

        List<(Stage Stage, int[] Columns)> stages = [];
        try
        {
            for (int part = 0; part < Parts.Count; part++)
            {
                if (columns[part].Length > 0)
                {
                    stages.Add((Parts[part].Load(tensors, Of(part, scope, columns[part])), columns[part]));
                }
            }
        }
        catch
        {
            stages.ForEach(static part => part.Stage.Dispose());
            throw;
        }

        return new PartitionStage(scope.Inputs, [.. stages]);
    }

    private static NodeScope Of(int part, NodeScope scope, int[]? columns) =>
        scope with { Prefix = scope.Prefix + Prefix(part), Inputs = scope.PartInputs[part], Columns = columns };
}
