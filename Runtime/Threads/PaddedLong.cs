using System.Runtime.InteropServices;

namespace KernelGen;

/// <summary>A counter that shares no cache line, nor the pair of lines some processors fetch together, with its neighbours.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    /// <summary>The counter.</summary>
    [FieldOffset(128)]
    public long Value;
}
