using System;

namespace KernelGen;

/// <summary>Weights were to be quantized to a format that the generator knows no encoder for (diagnostic KG0053).</summary>
public sealed class EncoderMissingException : NotSupportedException
{
    internal EncoderMissingException(FormatDescriptor format)
        : base($"{format.Name} has no encoder: its parameters are of a kind the generator cannot find from weights (KG0053). Make the matrix from stored weights with FromBlocks or ViewBlocks.")
    {
    }

    /// <summary>Throws where a format has no encoder.</summary>
    /// <param name="format">The format.</param>
    internal static void ThrowIfMissing(FormatDescriptor format)
    {
        if (!format.HasEncoder)
        {
            throw new EncoderMissingException(format);
        }
    }
}
