namespace KernelGen;

/// <summary>
/// Implemented by the generator on every declared format that is more than one cell: outer products, parameters per input,
/// partitions, norms. <see cref="StructuredMatrix{TFormat}"/> holds such weights.
/// </summary>
/// <typeparam name="TSelf">The format.</typeparam>
public interface IStructuredFormat<TSelf>
    where TSelf : struct, IStructuredFormat<TSelf>
{
    /// <summary>What the format is made of, and the kernels of its cells.</summary>
    static abstract StructureDescriptor Structure { get; }
}
