using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>FMA: one rounding.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Fma))]
public static class Fma
{
    public static bool IsSupported => true;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c)
    {
        Vector256<float> result = default;
        Lanes.Map<float, float, float, float>(Lanes.Of(ref a), Lanes.Of(ref b), Lanes.Of(ref c), Lanes.Of(ref result), MathF.FusedMultiplyAdd);
        return result;
    }
}
