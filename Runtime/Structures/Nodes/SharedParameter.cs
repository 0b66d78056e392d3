namespace KernelGen;

/// <summary>A parameter of a cell whose entries several outputs share: one per row, or of the block and then no field of the stored blocks.</summary>
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
}
