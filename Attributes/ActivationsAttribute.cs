using System;

namespace KernelGen;

/// <summary>
/// The format in which int8 products with weights of this format take their activations, unless a call names another. Kernels give activations a step
/// for no more inputs than share one of its scales.
/// </summary>
/// <param name="format">
/// A struct with a [Block], this one or another: its values are a scale times integers of at most 127 in magnitude, or become so by one power of two.
/// </param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class ActivationsAttribute(Type format) : Attribute
{
    /// <summary>The format of the activations.</summary>
    public Type Format { get; } = format;
}
