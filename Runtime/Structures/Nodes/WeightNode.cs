using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// A node of a declared structure: what the weights of some columns of a matrix are made of. Trees of nodes are made by generated
/// code; a new kind of structure is a new kind of node and the <see cref="Stage"/> it loads as.
/// </summary>
public abstract class WeightNode
{
    private protected WeightNode()
    {
    }

    /// <summary>The formats of the cells in the tree, in the order of their tensors.</summary>
    public abstract IEnumerable<FormatDescriptor> Cells { get; }

    /// <summary>Parts of the partition in the tree, 0 where there is none.</summary>
    internal abstract int PartCount { get; }

    /// <summary>Whether a parameter in the tree is per slab or run of outputs, so that the shape does not say how many entries it has.</summary>
    internal abstract bool HasSlabs { get; }

    /// <summary>How many slabs or runs of outputs there are, read from the first such parameter.</summary>
    /// <param name="tensors">The stored tensors.</param>
    /// <param name="prefix">What the names of the node's tensors start with.</param>
    /// <param name="outputs">Rows O of the matrix.</param>
    /// <returns>The number; 0 where there is no such parameter.</returns>
    /// <exception cref="StoredTensorException">The tensor is missing, no vector, or its length does not divide O.</exception>
    internal abstract long ReadSlabs(TensorSet tensors, string prefix, long outputs);

    /// <summary>A hash of what the stored tensors mean, going on from another.</summary>
    /// <param name="before">The other.</param>
    /// <returns>The hash.</returns>
    internal abstract ulong Hash(ulong before);

    /// <summary>How many columns each part of a partition in the tree has, read from its mask.</summary>
    /// <param name="tensors">The stored tensors.</param>
    /// <param name="inputs">Row length I of the matrix.</param>
    /// <returns>The numbers; empty where there is no partition.</returns>
    /// <exception cref="StoredTensorException">The mask is missing or wrong.</exception>
    internal abstract long[] ReadPartInputs(TensorSet tensors, long inputs);

    /// <summary>The stored tensors of the node.</summary>
    /// <param name="scope">What it covers.</param>
    /// <returns>Them, in a fixed order.</returns>
    internal abstract IEnumerable<TensorInfo> Tensors(NodeScope scope);

    /// <summary>Makes the stage that computes with the node's weights. Shapes and types have been checked.</summary>
    /// <param name="tensors">The stored tensors.</param>
    /// <param name="scope">What it covers; its columns are known.</param>
    /// <returns>The stage.</returns>
    /// <exception cref="StoredTensorException">A tensor holds what it must not.</exception>
    internal abstract Stage Load(TensorSet tensors, NodeScope scope);
}

/// <summary>What a node covers.</summary>
/// <param name="Prefix">What the names of its tensors start with.</param>
/// <param name="Outputs">Rows O of the matrix.</param>
/// <param name="MatrixInputs">Row length I of the matrix.</param>
/// <param name="Inputs">Columns the node covers.</param>
/// <param name="PartInputs">Columns of each part of the partition in the tree, if there is one.</param>
/// <param name="Slabs">Slabs or runs of outputs, 0 where there are none.</param>
/// <param name="Columns">The columns it covers in rising order, or null for all, and while they are not known.</param>
internal sealed record NodeScope(string Prefix, long Outputs, long MatrixInputs, long Inputs, long[] PartInputs, long Slabs, int[]? Columns)
{
    /// <summary>The stored row of every output, or null where rows are stored in the order of the outputs, and while it is not known.</summary>
    public int[]? Rows { get; init; }

    /// <summary>The run of every stored row, or null where there are no runs, and while they are not known.</summary>
    public int[]? RunOfRow { get; init; }

    /// <summary>The stored row of an output.</summary>
    /// <param name="output">The output.</param>
    /// <returns>The row.</returns>
    public long StoredRow(long output) => Rows is null ? output : Rows[output];

    /// <summary>The matrix itself.</summary>
    /// <param name="outputs">Rows O.</param>
    /// <param name="inputs">Row length I.</param>
    /// <param name="partInputs">Columns of each part.</param>
    /// <param name="slabs">Slabs of outputs.</param>
    /// <returns>The scope of the root.</returns>
    public static NodeScope Root(long outputs, long inputs, long[] partInputs, long slabs) => new(string.Empty, outputs, inputs, inputs, partInputs, slabs, null);
}
