namespace KernelGen;

/// <summary>In what arithmetic a product is computed.</summary>
public enum ComputeMode
{
    /// <summary>
    /// Activations are quantized to int8 per group on the fly and multiplied with the integer codes; exact integer sums, f32
    /// scales. The default: its error is that of 8-bit activations.
    /// </summary>
    Int8,

    /// <summary>Weights are decoded to f32 and multiplied with the f32 activations by fused multiply-add.</summary>
    Float32,
}
