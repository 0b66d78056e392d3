using System;

namespace KernelGen;

/// <summary>
/// Layer normalization of every row of the product over the outputs, without affine: <c>(y - mean y) / sqrt(var y + epsilon)</c>,
/// the variance being the mean squared deviation. It belongs to the layer, not to the weights: dequantized weights do not show it.
/// </summary>
/// <param name="epsilon">Added to the variance, above 0.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class PostNormAttribute(double epsilon) : Attribute
{
    /// <summary>Added to the variance.</summary>
    public double Epsilon { get; } = epsilon;
}
