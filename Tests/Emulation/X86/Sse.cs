namespace KernelGen.Emulation.X86;

/// <summary>SSE.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Sse))]
public static unsafe class Sse
{
    public static bool IsSupported => true;

    /// <summary>prefetcht0: a hint, valid for any address.</summary>
    public static void Prefetch0(void* address)
    {
    }
}
