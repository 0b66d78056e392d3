using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx))]
public static class Avx
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

    /// <summary>vcvtps2dq: the nearest integer, ties to even; int.MinValue of what none is near.</summary>
    public static Vector256<int> ConvertToVector256Int32(Vector256<float> value)
    {
        Vector256<int> result = default;
        Lanes.Map<float, int>(
            Lanes.Of(ref value), Lanes.Of(ref result), static v => MathF.Round(v) is >= -2147483648f and < 2147483648f and var rounded ? (int)rounded : int.MinValue);
        return result;
    }

    /// <summary>vcvttps2dq: toward zero; int.MinValue of what no int is near.</summary>
    public static Vector256<int> ConvertToVector256Int32WithTruncation(Vector256<float> value)
    {
        Vector256<int> result = default;
        Lanes.Map<float, int>(
            Lanes.Of(ref value), Lanes.Of(ref result), static v => v is >= -2147483648f and < 2147483648f ? (int)v : int.MinValue);
        return result;
    }

    /// <summary>vmaxps: the right lane where either is NaN, or both are zero.</summary>
    public static Vector256<float> Max(Vector256<float> left, Vector256<float> right)
    {
        Vector256<float> result = default;
        Lanes.Map<float, float, float>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => l > r ? l : r);
        return result;
    }

    /// <summary>vminps: the right lane where either is NaN, or both are zero.</summary>
    public static Vector256<float> Min(Vector256<float> left, Vector256<float> right)
    {
        Vector256<float> result = default;
        Lanes.Map<float, float, float>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => l < r ? l : r);
        return result;
    }
}
