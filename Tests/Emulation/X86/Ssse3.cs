using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>SSSE3.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Ssse3))]
public static unsafe class Ssse3
{
    public static bool IsSupported => true;

    public static Vector128<byte> Shuffle(Vector128<byte> value, Vector128<byte> mask)
    {
        Vector128<byte> result = default;
        Lanes.Shuffle(Lanes.Of(ref value), Lanes.Of(ref mask), Lanes.Of(ref result));
        return result;
    }
}
