namespace KernelGen.Containers;

/// <summary>How the elements of a tensor are stored, when they are plain floats that can be read as <c>float</c>.</summary>
public enum FloatEncoding
{
    /// <summary>Anything else: integers, quantized blocks, 8-bit or 64-bit floats.</summary>
    None,

    /// <summary>IEEE binary32.</summary>
    Float32,

    /// <summary>IEEE binary16.</summary>
    Float16,

    /// <summary>The upper half of an IEEE binary32.</summary>
    BFloat16,
}
