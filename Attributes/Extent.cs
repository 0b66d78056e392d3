namespace KernelGen;

/// <summary>
/// Reserved extents for <see cref="BlockAttribute.Inputs"/> and for the <c>Per</c> of a parameter. A positive number is a
/// count of consecutive inputs of one row; these constants name the extents that have no fixed length.
/// </summary>
public static class Extent
{
    /// <summary>One parameter per block, stored inside the block. The default of every <c>Per</c>.</summary>
    public const int Block = 0;

    /// <summary>
    /// As a block: the whole row is one block, whatever its length. As a <c>Per</c>: one parameter per output row, kept in a
    /// side array of shape [O].
    /// </summary>
    public const int Row = -1;

    /// <summary>One parameter for the whole matrix, kept in a side array of shape [1].</summary>
    public const int Tensor = -2;

    /// <summary>
    /// As a <c>Per</c>: one parameter per input, kept in a side array of shape [I]. As the extent of a
    /// <see cref="PartitionAttribute"/>: the mask assigns whole columns.
    /// </summary>
    public const int Column = -3;

    /// <summary>
    /// As a <see cref="ParameterAttribute.PerOutputs"/>: equal parts of the outputs, as many as the side array has entries (the shards of a
    /// model that was trained in parallel).
    /// </summary>
    public const int Slab = -4;

    /// <summary>
    /// As a <see cref="ParameterAttribute.PerOutputs"/>: runs of consecutive stored rows of any length, which the side array "runs" gives (row groups).
    /// </summary>
    public const int Runs = -5;
}
