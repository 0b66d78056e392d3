using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Unicode;

namespace KernelGen.Containers;

/// <summary>Reads the header, the metadata and the tensor list of a GGUF file.</summary>
internal static class GgufParser
{
    private const string Damaged = "The file is damaged: fetch it again.";

    public static GgufContents Parse(MappedFile file)
    {
        var cursor = new FileCursor(file);
        int version = ReadVersion(ref cursor);
        int tensorCount = ReadCount(ref cursor, "tensors", GgufLimits.SmallestTensorEntry);
        int metadataCount = ReadCount(ref cursor, "metadata entries", GgufLimits.SmallestMetadataEntry);
        OrderedDictionary<string, GgufValue> metadata = ReadMetadata(ref cursor, metadataCount, out uint alignment);
        List<GgufTensorEntry> entries = ReadEntries(ref cursor, tensorCount);
        return GgufPlacement.Place(cursor, version, alignment, metadata, entries);
    }

    private static int ReadVersion(ref FileCursor cursor)
    {
        if (cursor.Remaining == 0)
        {
            throw cursor.Fail(0, "The file is empty.", "Fetch it again.");
        }

        if (!cursor.ReadSpan(4, "The magic").SequenceEqual("GGUF"u8))
        {
            throw cursor.Fail(0, "The file does not start with 'GGUF'.", "Check that it is a GGUF file and not an older or compressed format.");
        }

        uint version = cursor.Read<uint>("The version");
        return version switch
        {
            2 or 3 => (int)version,
            1 => throw cursor.Fail(4, "GGUF version 1 is not supported.", "Convert the file to version 3."),
            _ when (version & 0xFFFF) == 0 && version != 0 => throw cursor.Fail(4, "The file is big-endian.", "Convert it to a little-endian GGUF file."),
            _ => throw cursor.Fail(4, $"GGUF version {version} is not supported.", "Versions 2 and 3 are."),
        };
    }

    private static int ReadCount(ref FileCursor cursor, string what, long smallest)
    {
        long at = cursor.Position;
        ulong count = cursor.Read<ulong>("A count");
        if (count > (ulong)(cursor.Remaining / smallest) || count > int.MaxValue)
        {
            throw cursor.Fail(at, $"The file claims {count} {what}, more than its {cursor.File.Length} bytes can hold.", Damaged);
        }

        return (int)count;
    }

    private static OrderedDictionary<string, GgufValue> ReadMetadata(ref FileCursor cursor, int count, out uint alignment)
    {
        alignment = GgufLimits.DefaultAlignment;
        var metadata = new OrderedDictionary<string, GgufValue>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            long at = cursor.Position;
            string key = ReadName(ref cursor, "metadata key");
            long valueAt = cursor.Position;
            GgufValue value = GgufValueReader.Read(ref cursor);
            if (!metadata.TryAdd(key, value))
            {
                throw cursor.Fail(at, $"The metadata key '{key}' occurs twice.", Damaged);
            }

            if (key == GgufLimits.AlignmentKey)
            {
                alignment = GgufLimits.AlignmentFault(value) is { } fault ? throw cursor.Fail(valueAt, fault, Damaged) : (uint)value.AsUInt64();
            }
        }

        return metadata;
    }

    private static List<GgufTensorEntry> ReadEntries(ref FileCursor cursor, int count)
    {
        var entries = new List<GgufTensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            long at = cursor.Position;
            string name = ReadName(ref cursor, "tensor name");
            if (!names.Add(name))
            {
                throw cursor.Fail(at, $"The tensor name '{name}' occurs twice.", Damaged);
            }

            entries.Add(ReadEntry(ref cursor, name));
        }

        return entries;
    }

    private static GgufTensorEntry ReadEntry(ref FileCursor cursor, string name)
    {
        long at = cursor.Position;
        uint rank = cursor.Read<uint>("The number of dimensions");
        if (rank > GgufLimits.Dimensions)
        {
            throw cursor.Fail(at, $"Tensor '{name}' has {rank} dimensions; at most {GgufLimits.Dimensions} are allowed.", Damaged);
        }

        long shapeAt = cursor.Position;
        var dimensions = new long[rank];
        long elements = 1;
        for (int d = 0; d < dimensions.Length; d++)
        {
            long dimensionAt = cursor.Position;
            ulong dimension = cursor.Read<ulong>("A dimension");
            if (dimension is 0 or > long.MaxValue)
            {
                throw cursor.Fail(dimensionAt, $"Dimension {d} of tensor '{name}' is {dimension}.", Damaged);
            }

            dimensions[d] = (long)dimension;
            if (Math.BigMul(elements, dimensions[d], out elements) != 0 || elements < 0)
            {
                throw cursor.Fail(shapeAt, $"Tensor '{name}' has more elements than a 64-bit number can count.", Damaged);
            }
        }

        GgmlTypeInfo type = ReadType(ref cursor, name);
        long columns = dimensions.Length == 0 ? 1 : dimensions[0];
        if (columns % type.BlockLength != 0)
        {
            throw cursor.Fail(shapeAt, $"The rows of tensor '{name}' have {columns} elements, which is not a multiple of {type.Name}'s block of {type.BlockLength}.", Damaged);
        }

        long blocks = elements / type.BlockLength;
        if (Math.BigMul(blocks, type.BlockBytes, out long bytes) != 0 || bytes < 0)
        {
            throw cursor.Fail(shapeAt, $"Tensor '{name}' has more bytes than a 64-bit number can count.", Damaged);
        }

        long offsetAt = cursor.Position;
        return new GgufTensorEntry(name, dimensions, type, bytes, cursor.Read<ulong>("The offset of a tensor"), offsetAt);
    }

    private static GgmlTypeInfo ReadType(ref FileCursor cursor, string name)
    {
        long at = cursor.Position;
        uint id = cursor.Read<uint>("The type of a tensor");
        return GgmlTypeInfo.TryGet(id, out GgmlTypeInfo type)
            ? type
            : throw cursor.Fail(at, $"Tensor '{name}' has type {id}, which is unknown or was retired.", "Quantize the model again with a current tool.");
    }

    private static string ReadName(ref FileCursor cursor, string what)
    {
        long at = cursor.Position;
        ulong length = cursor.Read<ulong>("The length of a name");
        if (length is 0 or > ContainerLimits.NameBytes)
        {
            throw cursor.Fail(at, $"A {what} of {length} bytes is not allowed: 1 to {ContainerLimits.NameBytes} are.", Damaged);
        }

        long textAt = cursor.Position;
        ReadOnlySpan<byte> bytes = cursor.ReadSpan((long)length, "A name");
        if (!Utf8.IsValid(bytes) || bytes.Contains((byte)0))
        {
            throw cursor.Fail(textAt, $"A {what} is not UTF-8 text, or contains a zero byte.", Damaged);
        }

        return Encoding.UTF8.GetString(bytes);
    }
}
