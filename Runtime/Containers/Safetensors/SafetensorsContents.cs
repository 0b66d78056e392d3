using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>What the parser found in a safetensors file.</summary>
internal sealed record SafetensorsContents(
    long DataOffset, OrderedDictionary<string, string> Metadata, List<SafetensorsTensor> Tensors);
