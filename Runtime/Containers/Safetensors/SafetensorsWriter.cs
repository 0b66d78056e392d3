using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KernelGen.Containers;

/// <summary>Writes safetensors files.</summary>
/// <remarks>
/// Metadata and tensors are collected first; nothing is written before <see cref="Write(string)"/>. Data stands in falling order of element
/// size, else in the order tensors were added, so that every tensor is aligned to its elements; the header is filled with spaces to a multiple of
/// eight bytes.
/// </remarks>
public sealed unsafe class SafetensorsWriter
{
    private const string MetadataName = "__metadata__";
    private const int HeaderAlignment = 8;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OrderedDictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Entry> _tensors = new(StringComparer.Ordinal);

    /// <summary>Sets an entry of <c>__metadata__</c>.</summary>
    /// <param name="key">The key: 1 to 65,535 bytes of UTF-8.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">The key is none, or one of both contains half of a surrogate pair.</exception>
    public void SetMetadata(string key, string value)
    {
        CheckName(key, "metadata key");
        ArgumentNullException.ThrowIfNull(value);
        CheckText(value, nameof(value));
        _metadata[key] = value;
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">The name: 1 to 65,535 bytes of UTF-8, unique.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">At most eight dimensions of 0 or more, the slowest first.</param>
    /// <param name="write">Writes the tensor's bytes, exactly as many as type and shape take; called once for each time that the file is written.</param>
    /// <exception cref="ArgumentException">The name or the shape is none, or elements narrower than a byte do not fill whole bytes.</exception>
    public void AddTensor(string name, SafetensorsType type, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Add(name, type, shape, bytes => new TensorContents(name, bytes, write));
    }

    /// <summary>Adds a tensor whose bytes are there.</summary>
    /// <param name="name">The name: 1 to 65,535 bytes of UTF-8, unique.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">At most eight dimensions of 0 or more, the slowest first.</param>
    /// <param name="data">Its bytes, which must not change before the file is written.</param>
    /// <exception cref="ArgumentException">The name or the shape is none, or the bytes are more or fewer than it takes.</exception>
    public void AddTensor(string name, SafetensorsType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data) => Add(name, type, shape, bytes => bytes == data.Length
        ? new TensorContents(name, bytes, stream => stream.Write(data.Span))
        : throw new ArgumentException($"Tensor '{name}' takes {bytes} bytes; {data.Length} were given.", nameof(data)));

    /// <summary>
    /// Adds the tensors of a set. Elements that safetensors has no type for, integers narrower than a byte, are bytes in the file, and a
    /// metadata entry of the tensor's name says what they are.
    /// </summary>
    /// <param name="tensors">The tensors, which must not be disposed before the file is written.</param>
    /// <param name="prefix">What their names start with in the file.</param>
    /// <exception cref="ArgumentException">There is a tensor of such a name.</exception>
    public void AddTensors(TensorSet tensors, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (StoredTensor tensor in tensors.Tensors.OrderBy(static t => t.Info.Name, StringComparer.Ordinal))
        {
            string name = prefix + tensor.Info.Name;
            (SafetensorsType type, long[] shape, string? note) = StoredTensorTypes.ToFile(tensor.Info);
            if (note is not null)
            {
                SetMetadata(name, note);
            }

            Add(name, type, shape, bytes => TensorContents.Of(name, () => (nint)tensor.Pointer, bytes));
        }
    }

    /// <summary>Writes the file, whole or not at all: to a file beside it that takes its place once it is on the disk.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The header is longer than safetensors allows, or what writes a tensor's bytes gave more or fewer than it takes.</exception>
    public void Write(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file to a stream, from where it stands.</summary>
    /// <param name="stream">The stream.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The header is longer than safetensors allows, or what writes a tensor's bytes gave more or fewer than it takes.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Entry[] ordered = [.. _tensors.Values.OrderByDescending(static e => (double)e.Layout.BlockBytes / e.Layout.BlockLength)];
        byte[] header = Header(ordered);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (Entry entry in ordered)
        {
            entry.Contents.WriteTo(stream);
        }
    }

    private static void CheckName(string name, string what)
    {
        ArgumentNullException.ThrowIfNull(name);
        CheckText(name, nameof(name));
        int bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes is < 1 or > ContainerLimits.NameBytes)
        {
            throw new ArgumentException($"A {what} of {bytes} bytes is not allowed: 1 to {ContainerLimits.NameBytes} are.", nameof(name));
        }
    }

    private static void CheckText(string text, string argument)
    {
        if (Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) != text)
        {
            throw new ArgumentException("The text contains half of a surrogate pair, which JSON cannot store.", argument);
        }
    }

    private void Add(string name, SafetensorsType type, ReadOnlySpan<long> shape, Func<long, TensorContents> contents)
    {
        CheckName(name, "tensor name");
        ElementLayout layout = SafetensorsTypeInfo.Get(type);
        Int128 elements = 1;
        foreach (long dimension in shape)
        {
            elements *= dimension;
            if (dimension < 0 || elements > long.MaxValue / 8)
            {
                throw new ArgumentException($"Tensor '{name}' [{string.Join(", ", shape.ToArray())}]: dimensions must not be negative, nor their product exceed 2^60.", nameof(shape));
            }
        }

        if (shape.Length > SafetensorsLimits.Dimensions || elements % layout.BlockLength != 0)
        {
            throw new ArgumentException(
                $"Tensor '{name}' [{string.Join(", ", shape.ToArray())}] of {layout.Name}: at most {SafetensorsLimits.Dimensions} dimensions are allowed, and elements must fill whole bytes.", nameof(shape));
        }

        if (name == MetadataName || _tensors.ContainsKey(name))
        {
            throw new ArgumentException($"There is a tensor '{name}' already, or the name is taken by the format.", nameof(name));
        }

        _tensors.Add(name, new Entry(name, layout, shape.ToArray(), contents((long)(elements / layout.BlockLength * layout.BlockBytes))));
    }

    private byte[] Header(Entry[] ordered)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter json = new(text, Compact))
        {
            json.WriteStartObject();
            if (_metadata.Count > 0)
            {
                json.WriteStartObject(MetadataName);
                foreach ((string key, string value) in _metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long begin = 0;
            foreach (Entry entry in ordered)
            {
                long end = checked(begin + entry.Contents.ByteCount);
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Layout.Name);
                WriteNumbers(json, "shape", entry.Shape);
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
                begin = end;
            }

            json.WriteEndObject();
        }

        while (text.Length % HeaderAlignment != 0)
        {
            text.WriteByte((byte)' ');
        }

        return text.Length <= SafetensorsLimits.HeaderBytes
            ? text.ToArray()
            : throw new InvalidOperationException($"The header would take {text.Length} bytes; the limit is {SafetensorsLimits.HeaderBytes}.");
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    private sealed record Entry(string Name, ElementLayout Layout, long[] Shape, TensorContents Contents);
}
