namespace KernelGen.Containers;

/// <summary>What the storage of a tensor's elements looks like, whichever container it came from.</summary>
internal readonly record struct ElementLayout(string Name, FloatEncoding Encoding, int BlockLength, int BlockBytes);
