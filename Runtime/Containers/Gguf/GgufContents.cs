using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>What the parser found in a GGUF file.</summary>
internal sealed record GgufContents(
    int Version,
    int Alignment,
    long DataOffset,
    long TrailingBytes,
    OrderedDictionary<string, GgufValue> Metadata,
    List<GgufTensor> Tensors);
