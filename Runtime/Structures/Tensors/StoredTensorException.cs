using System;

namespace KernelGen;

/// <summary>A stored tensor of a structured format is missing, of another shape than the format and the mask say, or holds what it must not.</summary>
/// <param name="tensor">The tensor's name.</param>
/// <param name="problem">What is wrong and what is expected, as sentences.</param>
public sealed class StoredTensorException(string tensor, string problem) : FormatException($"Tensor '{tensor}': {problem}")
{
    /// <summary>The tensor's name.</summary>
    public string Tensor { get; } = tensor;
}
