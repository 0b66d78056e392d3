using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;

namespace KernelGen.Containers;

/// <summary>A safetensors file, opened for reading in place.</summary>
/// <remarks>
/// The whole header is checked when the file is opened: a file that contradicts itself is rejected with a
/// <see cref="ModelFileException"/> that names the byte. As in the reference implementation, the tensors must cover the
/// data section exactly: no overlaps, no holes, and nothing after the last one. Tensors with a dimension of zero
/// are allowed, and so are header fields this library does not know.
/// </remarks>
public sealed class SafetensorsFile : IModelFile
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, SafetensorsTensor> _byName;

    internal SafetensorsFile(MappedFile file, SafetensorsContents contents)
    {
        _file = file;
        DataOffset = contents.DataOffset;
        Metadata = new ReadOnlyDictionary<string, string>(contents.Metadata);
        Tensors = contents.Tensors.AsReadOnly();
        _byName = new Dictionary<string, SafetensorsTensor>(contents.Tensors.Count, StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in contents.Tensors)
        {
            _byName.Add(tensor.Name, tensor);
        }
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <summary>Where the data section starts, from the start of the file.</summary>
    public long DataOffset { get; }

    /// <summary>The entries of <c>__metadata__</c>, in the order of the file; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of their data (the header may list them in another).</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    IReadOnlyList<ModelTensor> IModelFile.Tensors => Tensors;

    /// <summary>Opens a safetensors file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">The file is not safetensors, or is damaged.</exception>
    public static SafetensorsFile Open(string path)
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
    public SafetensorsTensor? Find(string name) => _byName.GetValueOrDefault(name);

    ModelTensor? IModelFile.Find(string name) => Find(name);

    /// <summary>Unmaps the file. The data of its tensors becomes invalid; the metadata stays.</summary>
    public void Dispose() => _file.Dispose();

    internal static SafetensorsFile Read(MappedFile file) => new(file, SafetensorsParser.Parse(file));
}
