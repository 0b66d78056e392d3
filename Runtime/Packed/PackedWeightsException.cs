using System;

namespace KernelGen;

/// <summary>Packed weights do not fit, or are damaged. The message says what does not fit and what to do.</summary>
/// <param name="fault">The kind of fault.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class PackedWeightsException(PackedFault fault, string message) : FormatException(message)
{
    /// <summary>The kind of fault.</summary>
    public PackedFault Fault { get; } = fault;
}
