using System;
using System.Runtime.Intrinsics;
using KernelGen.Emulation;

namespace KernelGen.Generated;

/// <summary>AVX.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx))]
internal static class Avx
{
    public static bool IsSupported => true;

    /// <summary>vblendvps: the right lane where the mask's sign bit is set.</summary>
    public static Vector256<float> BlendVariable(Vector256<float> left, Vector256<float> right, Vector256<float> mask)
    {
        Vector256<float> result = default;
        Lanes.Map<float, float, float, float>(
            Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref mask), Lanes.Of(ref result), static (l, r, m) => BitConverter.SingleToInt32Bits(m) < 0 ? r : l);
        return result;
    }
}
