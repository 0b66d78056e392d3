using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace KernelGen.Containers;

/// <summary>Writes GGUF files, version 3, little-endian, as ggml reads them.</summary>
/// <remarks>
/// <para>
/// Metadata and tensors are collected first; nothing is written before <see cref="Write(string)"/>, which asks for the bytes of each tensor in
/// turn. Tensors stand in the order they were added, each at a multiple of the alignment: the metadata entry <c>general.alignment</c>,
/// or 32 where there is none.
/// </para>
/// <para>Whatever ggml refuses to read is refused here, when it is added, but for arrays of arrays, which the specification allows.</para>
/// </remarks>
public sealed unsafe class GgufWriter
{
    private const uint Version = 3;

    private readonly OrderedDictionary<string, GgufValue> _metadata = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Entry> _tensors = new(StringComparer.Ordinal);

    /// <summary>What tensor data will be aligned to, in bytes.</summary>
    public int Alignment => _metadata.TryGetValue(GgufLimits.AlignmentKey, out GgufValue? value) ? (int)value.AsUInt64() : (int)GgufLimits.DefaultAlignment;

    /// <summary>The metadata, in the order it will be written.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata => _metadata;

    /// <summary>The names of the tensors, in the order they will be written.</summary>
    public IReadOnlyCollection<string> TensorNames => _tensors.Keys;

    /// <summary>Sets a metadata entry; one that is there keeps its place.</summary>
    /// <param name="key">The key: 1 to 65,535 bytes of UTF-8 without a zero byte.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The key is none, or <c>general.alignment</c> is no UInt32 that is a power of two up to 1 MiB.</exception>
    public void SetMetadata(string key, GgufValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckName(key, ContainerLimits.NameBytes, "metadata key");
        if (key == GgufLimits.AlignmentKey && GgufLimits.AlignmentFault(value) is { } fault)
        {
            throw new ArgumentException(fault, nameof(value));
        }

        _metadata[key] = value;
    }

    /// <summary>Removes a metadata entry.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there was one.</returns>
    public bool RemoveMetadata(string key) => _metadata.Remove(key);

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">The name: 1 to 63 bytes of UTF-8 without a zero byte, unique.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">At most four dimensions of 1 or more, the slowest first.</param>
    /// <param name="write">Writes the tensor's bytes, exactly as many as type and shape take; called once for each time that the file is written.</param>
    /// <exception cref="ArgumentException">The name or the shape is none, or rows are no multiple of the type's block.</exception>
    public void AddTensor(string name, GgmlType type, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Entry entry = Check(name, type, shape);
        Add(entry, new TensorContents(name, entry.Bytes, write));
    }

    /// <summary>Adds a tensor whose bytes are there.</summary>
    /// <param name="name">The name: 1 to 63 bytes of UTF-8 without a zero byte, unique.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">At most four dimensions of 1 or more, the slowest first.</param>
    /// <param name="data">Its bytes, which must not change before the file is written.</param>
    /// <exception cref="ArgumentException">The name or the shape is none, rows are no multiple of the type's block, or the bytes are more or fewer than it takes.</exception>
    public void AddTensor(string name, GgmlType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data)
    {
        Entry entry = Check(name, type, shape);
        CheckBytes(entry, data.Length);
        Add(entry, new TensorContents(name, entry.Bytes, stream => stream.Write(data.Span)));
    }

    /// <summary>Adds a quantized matrix.</summary>
    /// <param name="name">The name: 1 to 63 bytes of UTF-8 without a zero byte, unique.</param>
    /// <param name="type">The type that the matrix's format is in ggml.</param>
    /// <param name="matrix">The matrix, which must not be disposed before the file is written.</param>
    /// <exception cref="ArgumentException">The name is none, rows are no multiple of the type's block, or the matrix's rows are not the type's.</exception>
    /// <exception cref="StoredRowsMissingException">The matrix has packed panels only.</exception>
    public void AddTensor(string name, GgmlType type, QuantizedMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        Entry entry = Check(name, type, [matrix.Outputs, matrix.Inputs]);
        CheckBytes(entry, matrix.ByteCount);
        _ = matrix.Blocks;
        Add(entry, TensorContents.Of(name, () => (nint)matrix.Blocks, entry.Bytes));
    }

    /// <summary>Adds a tensor of another file, as it is.</summary>
    /// <param name="tensor">The tensor; its file must not be disposed before this one is written.</param>
    /// <exception cref="ArgumentException">There is a tensor of that name, or ggml could not read it.</exception>
    public void AddTensor(GgufTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(Check(tensor.Name, tensor.Type, [.. tensor.Shape]), TensorContents.Of(tensor.Name, tensor.Data));
    }

    /// <summary>Writes the file, whole or not at all: to a file beside it that takes its place once it is on the disk.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">What writes a tensor's bytes gave more or fewer than it takes.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file to a stream, from where it stands.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="InvalidOperationException">What writes a tensor's bytes gave more or fewer than it takes.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int alignment = Alignment;
        byte[] padding = new byte[alignment];
        using MemoryStream header = new();
        using (BinaryWriter writer = new(header, Encoding.UTF8, leaveOpen: true))
        {
            WriteHeader(writer);
        }

        // A file without tensors has no data section, and so no padding before it.
        header.WriteTo(stream);
        Pad(stream, padding, _tensors.Count == 0 ? 0 : header.Length);
        foreach (Entry entry in _tensors.Values)
        {
            entry.Contents!.WriteTo(stream);
            Pad(stream, padding, entry.Bytes);
        }
    }

    private static void CheckName(string name, int limit, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes < 1 || bytes > limit)
        {
            throw new ArgumentException($"The {what} '{name}' takes {bytes} bytes; 1 to {limit} are allowed.", nameof(name));
        }

        // Half of a surrogate pair would be written as a replacement character, and so be another name.
        if (name.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) != name)
        {
            throw new ArgumentException($"The {what} '{name}' contains a zero or half of a surrogate pair.", nameof(name));
        }
    }

    private static Entry Check(string name, GgmlType type, ReadOnlySpan<long> shape)
    {
        CheckName(name, GgufLimits.GgmlNameBytes, "tensor name");
        if (shape.Length > GgufLimits.Dimensions)
        {
            throw new ArgumentException($"Tensor '{name}' has {shape.Length} dimensions; at most {GgufLimits.Dimensions} are allowed.", nameof(shape));
        }

        GgmlTypeInfo info = GgmlTypeInfo.Get(type);
        Int128 elements = 1;
        foreach (long dimension in shape)
        {
            elements *= dimension;
            if (dimension < 1 || elements > long.MaxValue)
            {
                throw new ArgumentException(
                    $"Tensor '{name}' [{string.Join(", ", shape.ToArray())}]: every dimension must be at least 1, and their product at most 2^63 - 1.", nameof(shape));
            }
        }

        long columns = shape.IsEmpty ? 1 : shape[^1];
        if (columns % info.BlockLength != 0)
        {
            throw new ArgumentException($"The rows of tensor '{name}' have {columns} elements, which is not a multiple of {info.Name}'s block of {info.BlockLength}.", nameof(shape));
        }

        Int128 bytes = elements / info.BlockLength * info.BlockBytes;
        return bytes <= long.MaxValue
            ? new Entry(name, info, shape.ToArray(), (long)bytes, null)
            : throw new ArgumentException($"Tensor '{name}' takes more than 2^63 bytes.", nameof(shape));
    }

    private static void CheckBytes(Entry entry, long bytes)
    {
        if (bytes != entry.Bytes)
        {
            throw new ArgumentException($"Tensor '{entry.Name}' [{string.Join(", ", entry.Shape)}] of {entry.Type.Name} takes {entry.Bytes} bytes; {bytes} were given.", nameof(bytes));
        }
    }

    private static void Pad(Stream stream, byte[] padding, long written) => stream.Write(padding, 0, (int)(-written & (padding.Length - 1)));

    private void Add(Entry entry, TensorContents contents)
    {
        if (!_tensors.TryAdd(entry.Name, entry with { Contents = contents }))
        {
            throw new ArgumentException($"There is a tensor '{entry.Name}' already.", nameof(entry));
        }
    }

    private void WriteHeader(BinaryWriter writer)
    {
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_metadata.Count);
        foreach ((string key, GgufValue value) in _metadata)
        {
            GgufValueWriter.WriteText(writer, Encoding.UTF8.GetBytes(key));
            GgufValueWriter.Write(writer, value);
        }

        long offset = 0;
        foreach (Entry entry in _tensors.Values)
        {
            GgufValueWriter.WriteText(writer, Encoding.UTF8.GetBytes(entry.Name));
            writer.Write(entry.Shape.Length);
            for (int d = entry.Shape.Length - 1; d >= 0; d--)
            {
                writer.Write(entry.Shape[d]);
            }

            writer.Write((uint)entry.Type.Type);
            writer.Write(offset);
            offset = checked(offset + entry.Bytes + (-entry.Bytes & (Alignment - 1)));
        }
    }

    private sealed record Entry(string Name, GgmlTypeInfo Type, long[] Shape, long Bytes, TensorContents? Contents);
}
