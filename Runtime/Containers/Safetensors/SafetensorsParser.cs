using System;
using System.Collections.Generic;
using System.Text.Unicode;

namespace KernelGen.Containers;

/// <summary>Reads a safetensors file: the length of the header, the header, and where the data lies.</summary>
internal static class SafetensorsParser
{
    public static SafetensorsContents Parse(MappedFile file)
    {
        var cursor = new FileCursor(file);
        if (cursor.Remaining == 0)
        {
            throw cursor.Fail(0, "The file is empty.", "Fetch it again.");
        }

        ulong length = cursor.Read<ulong>("The length of the header");
        if (length > SafetensorsLimits.HeaderBytes)
        {
            throw cursor.Fail(0, $"The header claims {length} bytes; the limit is {SafetensorsLimits.HeaderBytes}.", "Check that this is a safetensors file.");
        }

        long start = cursor.Position;
        ReadOnlySpan<byte> header = cursor.ReadSpan((long)length, "The header");
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw cursor.Fail(start, "The header is not a JSON object: it must start with '{'.", "Check that this is a safetensors file.");
        }

        if (!Utf8.IsValid(header))
        {
            throw cursor.Fail(start, "The header is not UTF-8 text.", "The file is damaged: fetch it again.");
        }

        var reader = new SafetensorsHeaderReader(file.Path, start, header);
        reader.ReadHeader();
        return new SafetensorsContents(cursor.Position, reader.Metadata, Place(cursor, reader.Entries));
    }

    // The entries, ordered by their place, must cover the data section exactly.
    private static List<SafetensorsTensor> Place(FileCursor cursor, List<SafetensorsEntry> entries)
    {
        entries.Sort(static (x, y) => (x.Begin, x.End, x.At).CompareTo((y.Begin, y.End, y.At)));
        long dataOffset = cursor.Position;
        long dataLength = cursor.Remaining;
        long expected = 0;
        var tensors = new List<SafetensorsTensor>(entries.Count);
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != expected)
            {
                string fault = entry.Begin < expected ? "overlaps" : "leaves a hole after";
                throw cursor.Fail(
                    entry.At,
                    $"Tensor '{entry.Name}' starts at {entry.Begin} and {fault} the tensor before it, which ends at {expected}.",
                    "The file is damaged, or made to be read differently by different programs.");
            }

            if (entry.End > dataLength)
            {
                throw cursor.Fail(
                    entry.At,
                    $"Tensor '{entry.Name}' ends at {entry.End}, but the data section has {dataLength} bytes.",
                    "The file is truncated or damaged: fetch it again.");
            }

            tensors.Add(new SafetensorsTensor(entry, cursor.File.Slice(checked(dataOffset + entry.Begin), entry.End - entry.Begin)));
            expected = entry.End;
        }

        if (expected != dataLength)
        {
            throw cursor.Fail(
                checked(dataOffset + expected),
                $"{dataLength - expected} bytes follow the last tensor.",
                "They belong to nothing: the file is damaged, or made to be read differently by different programs.");
        }

        return tensors;
    }
}
