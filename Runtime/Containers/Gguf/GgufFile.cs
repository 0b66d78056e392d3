using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace KernelGen.Containers;

/// <summary>A GGUF file, version 2 or 3, little-endian, opened for reading in place.</summary>
/// <remarks>
/// <para>The whole structure is checked when the file is opened: a file that contradicts itself is rejected with a
/// <see cref="ModelFileException"/> that names the byte. As in ggml, the data of each tensor must start exactly where the
/// one before ends, rounded up to the alignment: no overlaps, no holes.</para>
/// <para>The padding after the last tensor may be missing. Bytes after it belong to no tensor; they are ignored, as in
/// ggml, and counted in <see cref="TrailingBytes"/>.</para>
/// </remarks>
public sealed class GgufFile : IModelFile
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, GgufTensor> _byName;

    internal GgufFile(MappedFile file, GgufContents contents)
    {
        _file = file;
        Version = contents.Version;
        Alignment = contents.Alignment;
        DataOffset = contents.DataOffset;
        TrailingBytes = contents.TrailingBytes;
        Metadata = new ReadOnlyDictionary<string, GgufValue>(contents.Metadata);
        Tensors = contents.Tensors.AsReadOnly();
        _byName = new Dictionary<string, GgufTensor>(contents.Tensors.Count, StringComparer.Ordinal);
        foreach (GgufTensor tensor in contents.Tensors)
        {
            _byName.Add(tensor.Name, tensor);
        }
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <summary>The version of the format: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>What tensor data is aligned to, in bytes.</summary>
    public int Alignment { get; }

    /// <summary>Where the data section starts, from the start of the file.</summary>
    public long DataOffset { get; }

    /// <summary>How many bytes follow the last tensor and its padding.</summary>
    public long TrailingBytes { get; }

    /// <summary>The metadata, in the order of the file.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    IReadOnlyList<ModelTensor> IModelFile.Tensors => Tensors;

    /// <summary>Opens a GGUF file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file is not GGUF, not a supported version, or damaged.</exception>
    public static GgufFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return Read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of that name, or null.</summary>
    /// <param name="name">The tensor's exact name.</param>
    public GgufTensor? Find(string name) => _byName.GetValueOrDefault(name);

    ModelTensor? IModelFile.Find(string name) => Find(name);

    /// <summary>Unmaps the file. The data of its tensors becomes invalid; the metadata stays.</summary>
    public void Dispose() => _file.Dispose();

    internal static GgufFile Read(MappedFile file) => new(file, GgufParser.Parse(file));
}
