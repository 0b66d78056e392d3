namespace KernelGen;

/// <summary>A parameter of a cell whose entries several outputs or blocks share: one per row, or of the block and then no field of the stored blocks.</summary>
/// <param name="Name">Its name and that of its tensor.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Outputs">
/// Consecutive stored rows that share an entry; 0: the tensor's entries divide the rows equally; <see cref="Runs"/>: a tensor of lengths divides them.
/// </param>
/// <param name="At">The first of its bytes in a block as the kernels read it.</param>
/// <param name="Bytes">Its bytes in such a block; 0 for a parameter per row.</param>
public sealed record SharedParameter(string Name, ScalarType Type, int Outputs, int At, int Bytes)
{
    /// <summary>In place of <see cref="Outputs"/>: the rows are divided into runs of any length.</summary>
    internal const int Runs = -1;

    /// <summary>Whether the rows that share an entry are a run of any length.</summary>
    public bool IsRuns => Outputs == Runs;

    /// <summary>Whether the number of entries along the outputs is the tensor's, not the shape's.</summary>
    internal bool IsCounted => Outputs <= 0;

    /// <summary>Consecutive blocks that share an entry; more than 1 of a parameter with one entry a block.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>Whether these blocks are counted through the matrix, row after row, the entries being a vector; else each row begins with an entry of its own.</summary>
    public bool IsFlat { get; init; }

    /// <summary>The entry of a block where blocks share entries and outputs do not.</summary>
    /// <param name="output">The block's row.</param>
    /// <param name="block">Its place in the row.</param>
    /// <param name="rowBlocks">Blocks of a row.</param>
    /// <returns>The index of the entry in the parameter's tensor.</returns>
    public long RunOf(long output, long block, long rowBlocks) =>
        IsFlat ? ((output * rowBlocks) + block) / Blocks : (output * Entries(rowBlocks)) + (block / Blocks);

    /// <summary>The tensor of a parameter of the block.</summary>
    /// <param name="scope">What the cell covers.</param>
    /// <param name="rowBlocks">Blocks of a row.</param>
    /// <returns>What the tensor is.</returns>
    internal TensorInfo Tensor(NodeScope scope, long rowBlocks) => IsFlat
        ? new TensorInfo(scope.Prefix + Name, Type, Entries(checked(scope.Outputs * rowBlocks)))
        : new TensorInfo(scope.Prefix + Name, Type, Groups(scope), Entries(rowBlocks) * PerBlock);

    /// <summary>The first entry of a block in that tensor.</summary>
    /// <param name="output">The block's row.</param>
    /// <param name="block">Its place in the row.</param>
    /// <param name="scope">What the cell covers.</param>
    /// <param name="rowBlocks">Blocks of a row.</param>
    /// <returns>The entry.</returns>
    internal long Entry(long output, long block, NodeScope scope, long rowBlocks) =>
        RunOf(IsFlat ? output : Group(output, scope), block, rowBlocks) * PerBlock;

    /// <summary>Entries of a block as the kernels read it.</summary>
    internal int PerBlock => Bytes * 8 / ScalarElements.Bits(Type);

    /// <summary>Entries along the outputs.</summary>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>Their number.</returns>
    internal long Groups(NodeScope scope) => IsCounted ? scope.Slabs : (scope.Outputs + Outputs - 1) / Outputs;

    /// <summary>The entry of a stored row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>The entry.</returns>
    internal long Group(long row, NodeScope scope) => Outputs switch
    {
        Runs => scope.RunOfRow![row],
        0 => row / (scope.Outputs / scope.Slabs),
        _ => row / Outputs,
    };

    private long Entries(long blocks) => (blocks + Blocks - 1) / Blocks;
}
