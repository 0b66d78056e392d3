namespace KernelGen;

/// <summary>Weights in a structured format known at compile time.</summary>
/// <typeparam name="TFormat">The format.</typeparam>
public sealed class StructuredMatrix<TFormat> : StructuredMatrix
    where TFormat : struct, IStructuredFormat<TFormat>
{
    private StructuredMatrix(long outputs, long inputs, TensorSet tensors)
        : base(TFormat.Structure, outputs, inputs, tensors)
    {
    }

    /// <summary>Makes a matrix from its tensors, which are copied.</summary>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="tensors">Exactly the tensors that <see cref="StructureDescriptor.Tensors"/> lists.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="StoredTensorException">A tensor is missing, unknown, of another type or shape, or holds what it must not.</exception>
    /// <exception cref="MatrixShapeException">The format cannot store such a matrix.</exception>
    public static StructuredMatrix<TFormat> FromTensors(long outputs, long inputs, TensorSet tensors) => new(outputs, inputs, tensors);
}
