namespace KernelGen;

/// <summary>
/// Implemented by the generator on every declared format. Generic code over formats takes a type parameter constrained by
/// this interface; code that learns the format at run time uses the <see cref="FormatDescriptor"/> itself.
/// </summary>
/// <typeparam name="TSelf">The format.</typeparam>
public interface IQuantFormat<TSelf>
    where TSelf : struct, IQuantFormat<TSelf>
{
    /// <summary>What the format is and the kernels that were generated for it.</summary>
    static abstract FormatDescriptor Descriptor { get; }
}
