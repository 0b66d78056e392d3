using System;
using System.Collections.Generic;
using KernelGen.Containers;

namespace KernelGen.Tests.Containers;

/// <summary>
/// Writes GGUF files, right ones by default. What a test wants wrong it sets: counts, offsets, raw bytes of an entry.
/// </summary>
internal sealed class GgufImage
{
    private readonly List<Action<ByteWriter>> _metadata = [];
    private readonly List<(Action<ByteWriter> Entry, byte[] Data)> _tensors = [];
    private ulong _nextOffset;

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    public ulong? TensorCount { get; init; }

    public ulong? MetadataCount { get; init; }

    /// <summary>Leaves out the padding after the last tensor.</summary>
    public bool NoFinalPadding { get; init; }

    /// <summary>Where the value of the metadata entry that was added last starts, and each tensor's fields; known after <see cref="ToArray"/>.</summary>
    public Dictionary<string, int> Marks { get; } = [];

    public GgufImage Metadata(string key, GgufValueType type, Action<ByteWriter> value)
    {
        _metadata.Add(w =>
        {
            Marks[$"key {key}"] = w.Position;
            w.String(key);
            Marks[$"value {key}"] = w.Position;
            w.Put((uint)type);
            value(w);
        });
        return this;
    }

    public GgufImage RawMetadata(Action<ByteWriter> entry)
    {
        _metadata.Add(entry);
        return this;
    }

    /// <summary>Adds a tensor whose data is placed as the format demands.</summary>
    public GgufImage Tensor(string name, GgmlType type, ulong[] dimensions, byte[] data) =>
        Tensor(name, (uint)type, dimensions, data, _nextOffset);

    public GgufImage Tensor(string name, uint type, ulong[] dimensions, byte[] data, ulong offset)
    {
        _tensors.Add((w =>
        {
            Marks[$"name {name}"] = w.Position;
            w.String(name);
            Marks[$"rank {name}"] = w.Position;
            w.Put((uint)dimensions.Length);
            Marks[$"shape {name}"] = w.Position;
            foreach (ulong dimension in dimensions)
            {
                w.Put(dimension);
            }

            Marks[$"type {name}"] = w.Position;
            w.Put(type);
            Marks[$"offset {name}"] = w.Position;
            w.Put(offset);
        }, data));
        _nextOffset = Round(offset + (ulong)data.Length);
        return this;
    }

    public byte[] ToArray()
    {
        var w = new ByteWriter();
        w.Text("GGUF").Put(Version).Put(TensorCount ?? (ulong)_tensors.Count).Put(MetadataCount ?? (ulong)_metadata.Count);
        _metadata.ForEach(entry => entry(w));
        _tensors.ForEach(tensor => tensor.Entry(w));
        Marks["end of list"] = w.Position;
        for (int i = 0; i < _tensors.Count; i++)
        {
            w.Pad(Alignment);
            Marks.TryAdd("data", w.Position);
            w.Raw(_tensors[i].Data);
        }

        return NoFinalPadding ? w.ToArray() : w.Pad(Alignment).ToArray();
    }

    private ulong Round(ulong value) => (value + (ulong)Alignment - 1) / (ulong)Alignment * (ulong)Alignment;
}
