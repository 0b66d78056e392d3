using System.Runtime.Intrinsics;
using KernelGen.Emulation;

namespace KernelGen.Generated;

/// <summary>SSE2.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Sse2))]
internal static unsafe class Sse2
{
    public static bool IsSupported => true;

    public static Vector128<int> MultiplyAddAdjacent(Vector128<short> left, Vector128<short> right)
    {
        Vector128<int> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }
}
