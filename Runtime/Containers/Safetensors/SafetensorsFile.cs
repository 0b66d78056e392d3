using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;

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

    /// <summary>The tensors that <see cref="SafetensorsWriter.AddTensors"/> wrote, where they lie.</summary>
    /// <param name="prefix">What their names start with in the file, and no longer in the set.</param>
    /// <returns>Views, valid until the file is disposed. What they hold has not been looked at.</returns>
    /// <exception cref="ModelFileException">A tensor has a type that no stored tensor has, or a metadata entry of its name that does not describe it.</exception>
    public unsafe TensorSet ViewTensors(string prefix = "")
    {
        TensorSet tensors = new();
        foreach (SafetensorsTensor tensor in Tensors.Where(t => t.Name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            string? note = Metadata.GetValueOrDefault(tensor.Name);
            TensorInfo info = StoredTensorTypes.FromFile(tensor.Name[prefix.Length..], tensor, note) ?? throw new ModelFileException(
                Path,
                tensor.Data.Offset,
                note is null
                    ? $"Tensor '{tensor.Name}' is {tensor.ElementType}, which no stored tensor is."
                    : $"The metadata entry '{note}' of tensor '{tensor.Name}' does not describe its {tensor.Data.Length} bytes of {tensor.ElementType}.",
                "Write the file again.");
            tensors.AddView(info, tensor.Data.Pointer, tensor.Data.Length);
        }

        return tensors;
    }

    /// <summary>Unmaps the file. The data of its tensors becomes invalid; the metadata stays.</summary>
    public void Dispose() => _file.Dispose();

    internal static SafetensorsFile Read(MappedFile file) => new(file, SafetensorsParser.Parse(file));
}
