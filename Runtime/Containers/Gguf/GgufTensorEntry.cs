namespace KernelGen.Containers;

/// <summary>A tensor's entry in the header, checked on its own but not yet against the data section.</summary>
internal readonly record struct GgufTensorEntry(
    string Name, long[] Dimensions, GgmlTypeInfo Type, long Bytes, ulong Offset, long OffsetAt);
