using System;
using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>Checks where the tensors of a GGUF file say their data lies against where it must lie.</summary>
internal static class GgufPlacement
{
    /// <param name="cursor">Just behind the tensor list.</param>
    /// <param name="version">The version of the format.</param>
    /// <param name="alignment">A power of two of at most <see cref="GgufLimits.Alignment"/>.</param>
    /// <param name="metadata">The metadata.</param>
    /// <param name="entries">The tensor list.</param>
    public static GgufContents Place(
        FileCursor cursor, int version, uint alignment, OrderedDictionary<string, GgufValue> metadata, List<GgufTensorEntry> entries)
    {
        long length = cursor.File.Length;

        // A file without tensors needs no data section and so no padding before it.
        long dataOffset = entries.Count == 0 ? cursor.Position : Align(cursor.Position, alignment);
        if (dataOffset > length)
        {
            throw cursor.Fail(cursor.Position, $"The data section would start at byte {dataOffset}, past the end of the file.", "The file is truncated: fetch it again.");
        }

        long dataLength = length - dataOffset;
        long expected = 0;
        var tensors = new List<GgufTensor>(entries.Count);
        foreach (GgufTensorEntry entry in entries)
        {
            if (entry.Offset != (ulong)expected)
            {
                throw Misplaced(cursor, entry, expected, alignment);
            }

            if (expected > dataLength || entry.Bytes > dataLength - expected)
            {
                throw cursor.Fail(
                    entry.OffsetAt,
                    $"Tensor '{entry.Name}' needs {entry.Bytes} bytes at offset {expected} of a data section of {dataLength}.",
                    "The file is truncated or damaged: fetch it again.");
            }

            long[] shape = [.. entry.Dimensions];
            Array.Reverse(shape);
            MappedRegion data = cursor.File.Slice(checked(dataOffset + expected), entry.Bytes);
            tensors.Add(new GgufTensor(entry.Name, entry.Dimensions, shape, entry.Type, expected, data));
            expected = Align(checked(expected + entry.Bytes), alignment);
        }

        return new GgufContents(version, (int)alignment, dataOffset, Math.Max(0, dataLength - expected), metadata, tensors);
    }

    private static ModelFileException Misplaced(FileCursor cursor, GgufTensorEntry entry, long expected, uint alignment)
    {
        string fault = entry.Offset % alignment != 0 ? $"is not a multiple of the alignment {alignment}"
            : entry.Offset < (ulong)expected ? "overlaps the tensor before it"
            : "leaves a hole after the tensor before it";
        return cursor.Fail(entry.OffsetAt, $"The offset {entry.Offset} of tensor '{entry.Name}' {fault}; it must be {expected}.", "The file is damaged: fetch it again.");
    }

    // Positions are at most the length of a file, so adding the alignment cannot reach the end of 64 bits; it is checked all the same.
    private static long Align(long position, uint alignment) => checked(position + (alignment - 1)) & ~((long)alignment - 1);
}
