namespace KernelGen;

/// <summary>A parameter of a cell whose entries several outputs share: one per row, or of the block and then no field of the stored blocks.</summary>
/// <param name="Name">Its name and that of its tensor.</param>
/// <param name="Type">The stored type.</param>
/// <param name="Outputs">Consecutive outputs that share an entry; 0: the tensor's entries divide the outputs equally.</param>
/// <param name="At">The first of its bytes in a block as the kernels read it.</param>
/// <param name="Bytes">Its bytes in such a block; 0 for a parameter per row.</param>
public sealed record SharedParameter(string Name, ScalarType Type, int Outputs, int At, int Bytes)
{
    /// <summary>Entries along the outputs.</summary>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>Their number.</returns>
    internal long Groups(NodeScope scope) => Outputs == 0 ? scope.Slabs : (scope.Outputs + Outputs - 1) / Outputs;

    /// <summary>The entry of an output.</summary>
    /// <param name="output">The output.</param>
    /// <param name="scope">What the cell covers.</param>
    /// <returns>The entry.</returns>
    internal long Group(long output, NodeScope scope) => output / (Outputs == 0 ? scope.Outputs / scope.Slabs : Outputs);
}
