namespace KernelGen.Containers;

/// <summary>A tensor's entry in the header, checked on its own but not yet against the others. <c>At</c> is where it stands.</summary>
internal sealed record SafetensorsEntry(
    string Name, SafetensorsType Type, ElementLayout Layout, long[] Shape, long Begin, long End, long At);
