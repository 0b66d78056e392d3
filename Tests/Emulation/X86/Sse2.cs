using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>SSE2.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Sse2))]
public static unsafe class Sse2
{
    public static bool IsSupported => true;

    public static Vector128<int> MultiplyAddAdjacent(Vector128<short> left, Vector128<short> right)
    {
        Vector128<int> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }
}
