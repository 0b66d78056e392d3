namespace KernelGen.Containers;

/// <summary>The limits of the GGUF reader. Most are ggml's own; the lower ones only bound what is copied out of the file.</summary>
internal static class GgufLimits
{
    public const int Dimensions = 4;
    public const int ArrayDepth = 4;
    public const long ArrayElements = 1L << 28;
    public const long StringBytes = 1L << 28;
    public const uint DefaultAlignment = 32;
    public const uint Alignment = 1u << 20;

    /// <summary>A key of one byte, its length, the type, and a value of one byte.</summary>
    public const long SmallestMetadataEntry = 8 + 1 + 4 + 1;

    /// <summary>A name of one byte, its length, no dimensions, the type and the offset.</summary>
    public const long SmallestTensorEntry = 8 + 1 + 4 + 4 + 8;
}
