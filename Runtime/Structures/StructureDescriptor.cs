using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen;

/// <summary>A declared structured format at run time: the tree of what its weights are made of. Instances are made by generated code only.</summary>
public sealed class StructureDescriptor
{
    /// <summary>The format's name: the declaring type's.</summary>
    public required string Name { get; init; }

    /// <summary>The declaring type with its namespace.</summary>
    public required string FullName { get; init; }

    /// <summary>The formula of a weight and the stored arrays, drawn as text.</summary>
    public required string Description { get; init; }

    /// <summary>What the weights are made of.</summary>
    public required WeightNode Weight { get; init; }

    /// <summary>The epsilon of the layer norm after the product, or null where there is none.</summary>
    public required double? PostNorm { get; init; }

    /// <summary>A hash of everything that decides what stored tensors mean; equal for two formats that differ by name only.</summary>
    public ulong LayoutHash => NodeHash.Add(
        Weight.Hash(NodeHash.Empty),
        PostNorm is { } epsilon ? FormattableString.Invariant($" norm {BitConverter.DoubleToInt64Bits(epsilon)}") : string.Empty);

    /// <summary>The formats of the cells, in the order of their tensors.</summary>
    public IReadOnlyList<FormatDescriptor> Cells => [.. Weight.Cells];

    /// <summary>Parts of the partition of the columns, whose numbers of columns belong to a matrix's shape; 0 where there is none.</summary>
    public int PartCount => Weight.PartCount;

    /// <summary>Whether a parameter is per slab or run of outputs, so that their number belongs to a matrix's shape.</summary>
    public bool HasSlabs => Weight.HasSlabs;

    /// <summary>The tensors in which an O x I matrix is stored.</summary>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="counts">
    /// What the shape does not say: the columns of each part of the partition, which add up to I, and where a parameter is per slab or run of outputs the
    /// number of slabs, a divisor of O, or of runs. Empty where there is neither.
    /// </param>
    /// <returns>The tensors, in a fixed order.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the counts do not fit it.</exception>
    public IReadOnlyList<TensorInfo> Tensors(long outputs, long inputs, params ReadOnlySpan<long> counts)
    {
        if (outputs < 0 || inputs is < 1 or > int.MaxValue)
        {
            throw new MatrixShapeException($"A structured matrix has 0 or more outputs and 1 to {int.MaxValue} inputs; {outputs} x {inputs} was asked for.", outputs < 0 ? nameof(outputs) : nameof(inputs));
        }

        long slabs = 0;
        ReadOnlySpan<long> partInputs = counts;
        if (Weight.HasSlabs)
        {
            slabs = counts.Length == 0 ? 0 : counts[^1];
            if (slabs < 1)
            {
                throw new MatrixShapeException($"{Name} has parameters for slabs or runs of outputs; {slabs} were given. Give their number, at least 1, as the last count.", nameof(counts));
            }

            partInputs = counts[..^1];
        }

        CheckParts(inputs, partInputs);
        return [.. Weight.Tensors(NodeScope.Root(outputs, inputs, partInputs.ToArray(), slabs))];
    }

    /// <summary>Stored bits per weight of an O x I matrix, every side array and all padding counted.</summary>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="counts">What the shape does not say, as for <see cref="Tensors"/>.</param>
    /// <returns>Bits per weight.</returns>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix, or the counts do not fit it.</exception>
    public double BitsPerWeight(long outputs, long inputs, params ReadOnlySpan<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        return Tensors(outputs, inputs, counts).Sum(static tensor => tensor.ByteCount * 8.0) / ((double)outputs * inputs);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private void CheckParts(long inputs, ReadOnlySpan<long> partInputs)
    {
        int parts = Weight.PartCount;
        long sum = 0;
        bool isNegative = false;
        foreach (long part in partInputs)
        {
            sum += part;
            isNegative |= part < 0;
        }

        if (partInputs.Length != parts || (parts > 0 && (isNegative || sum != inputs)))
        {
            throw new MatrixShapeException(
                parts == 0
                    ? $"{Name} has no parts; {partInputs.Length} numbers of columns were given."
                    : $"{Name} divides its columns among {parts} parts; the {partInputs.Length} numbers [{string.Join(", ", partInputs.ToArray())}] do not add up to {inputs}.",
                nameof(partInputs));
        }
    }
}
