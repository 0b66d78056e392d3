namespace KernelGen.Containers;

/// <summary>The limits of the safetensors reader.</summary>
internal static class SafetensorsLimits
{
    /// <summary>The longest header, the same as in the reference implementation.</summary>
    public const long HeaderBytes = 100_000_000;

    /// <summary>The most dimensions of a tensor.</summary>
    public const int Dimensions = 8;

    /// <summary>How deep the JSON may nest: the header itself needs three levels.</summary>
    public const int JsonDepth = 16;
}
