using System.Numerics;

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

    /// <summary>The longest tensor name that ggml reads, in bytes of UTF-8. The reader takes longer ones, the writer writes none.</summary>
    public const int GgmlNameBytes = 63;

    /// <summary>The metadata entry that says what tensor data is aligned to, a <see cref="GgufValueType.UInt32"/>.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>A key of one byte, its length, the type, and a value of one byte.</summary>
    public const long SmallestMetadataEntry = 8 + 1 + 4 + 1;

    /// <summary>A name of one byte, its length, no dimensions, the type and the offset.</summary>
    public const long SmallestTensorEntry = 8 + 1 + 4 + 4 + 8;

    /// <summary>What is wrong with a value of <see cref="AlignmentKey"/>, or null.</summary>
    /// <param name="value">The value.</param>
    /// <returns>A sentence.</returns>
    public static string? AlignmentFault(GgufValue value)
    {
        if (value.Type != GgufValueType.UInt32)
        {
            return $"{AlignmentKey} is a {value.Type}; it must be a UInt32.";
        }

        ulong alignment = value.AsUInt64();
        return BitOperations.IsPow2(alignment) && alignment <= Alignment
            ? null
            : $"{AlignmentKey} is {alignment}; it must be a power of two of at most {Alignment}.";
    }
}
