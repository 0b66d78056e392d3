namespace KernelGen.Containers;

/// <summary>A tensor of a safetensors file.</summary>
public sealed class SafetensorsTensor : ModelTensor
{
    internal SafetensorsTensor(SafetensorsEntry entry, MappedRegion data)
        : base(entry.Name, entry.Shape, entry.Layout, data)
    {
        Type = entry.Type;
        Begin = entry.Begin;
    }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Where the data starts, from the end of the header, as stored.</summary>
    public long Begin { get; }
}
