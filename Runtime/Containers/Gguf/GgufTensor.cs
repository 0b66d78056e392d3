using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>A tensor of a GGUF file.</summary>
public sealed class GgufTensor : ModelTensor
{
    internal GgufTensor(string name, long[] dimensions, long[] shape, GgmlTypeInfo type, long offset, MappedRegion data)
        : base(name, shape, new ElementLayout(type.Name, type.Encoding, type.BlockLength, type.BlockBytes), data)
    {
        Dimensions = System.Array.AsReadOnly(dimensions);
        Type = type.Type;
        Offset = offset;
    }

    /// <summary>The dimensions as stored, fastest first: <c>Dimensions[0]</c> is the length of a row.</summary>
    public IReadOnlyList<long> Dimensions { get; }

    /// <summary>The element type.</summary>
    public GgmlType Type { get; }

    /// <summary>The element type's number as stored.</summary>
    public uint TypeId => (uint)Type;

    /// <summary>Where the data starts, from the start of the data section, as stored.</summary>
    public long Offset { get; }
}
