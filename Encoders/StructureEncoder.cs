using System;

namespace KernelGen.Encoders;

/// <summary>Turns weights into the tensors of structured formats of one kind. Encoders keep no state between calls.</summary>
public abstract class StructureEncoder
{
    /// <summary>What the encoder makes, in words: the kind of structure it expects.</summary>
    public abstract string Expects { get; }

    /// <summary>Whether a format is of the encoder's kind.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it is.</returns>
    public abstract bool Accepts(StructureDescriptor format);

    /// <summary>Encodes weights.</summary>
    /// <param name="format">A format the encoder accepts.</param>
    /// <param name="weights">The weights, finite.</param>
    /// <param name="threads">Most threads to use; 0 for all. The result does not depend on it.</param>
    /// <returns>The tensors; dispose them.</returns>
    /// <exception cref="ArgumentException">The encoder does not accept the format.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    public TensorSet Encode(StructureDescriptor format, WeightRows weights, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (!Accepts(format))
        {
            throw new ArgumentException($"{format.Name} is no format for {GetType().Name}, which encodes {Expects}.", nameof(format));
        }

        weights.CheckFinite();
        return EncodeChecked(format, weights, threads);
    }

    /// <summary>Encodes weights into a matrix.</summary>
    /// <param name="format">A format the encoder accepts.</param>
    /// <param name="weights">The weights, finite.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="ArgumentException">The encoder does not accept the format.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="StoredTensorException">A scale or a vector is beyond its stored type.</exception>
    public StructuredMatrix Quantize(StructureDescriptor format, WeightRows weights, int threads = 0)
    {
        using TensorSet tensors = Encode(format, weights, threads);
        return StructuredMatrix.FromTensors(format, weights.Outputs, weights.Inputs, tensors);
    }

    /// <summary>Encodes weights into a matrix of a format known at compile time.</summary>
    /// <typeparam name="TFormat">A format the encoder accepts.</typeparam>
    /// <param name="weights">Weights [outputs, inputs], row after row, finite.</param>
    /// <param name="outputs">Rows O, at least 1.</param>
    /// <param name="inputs">Row length I, at least 1.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="ArgumentException">The encoder does not accept the format, or there are more or fewer weights.</exception>
    /// <exception cref="NonFiniteWeightException">A weight is NaN or infinite.</exception>
    /// <exception cref="StoredTensorException">A scale or a vector is beyond its stored type.</exception>
    public unsafe StructuredMatrix<TFormat> Quantize<TFormat>(ReadOnlySpan<float> weights, long outputs, long inputs, int threads = 0)
        where TFormat : struct, IStructuredFormat<TFormat>
    {
        if (weights.Length != outputs * inputs)
        {
            throw new ArgumentException($"{outputs} x {inputs} weights were announced; {weights.Length} were given.", nameof(weights));
        }

        fixed (float* first = weights)
        {
            using TensorSet tensors = Encode(TFormat.Structure, new WeightRows(first, inputs, outputs, inputs), threads);
            return StructuredMatrix<TFormat>.FromTensors(outputs, inputs, tensors);
        }
    }

    /// <summary>Encodes weights that were checked, in a format that is accepted.</summary>
    /// <param name="format">The format.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The tensors.</returns>
    private protected abstract TensorSet EncodeChecked(StructureDescriptor format, WeightRows weights, int threads);
}
