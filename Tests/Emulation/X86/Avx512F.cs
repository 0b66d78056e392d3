using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX-512, foundation.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx512F))]
public static unsafe class Avx512F
{
    public static bool IsSupported => true;

    /// <summary>vbroadcasti32x4: 16 bytes in every 128-bit lane.</summary>
    public static Vector512<int> BroadcastVector128ToVector512(int* address) => Vector512.Create(Vector128.Load(address));

    public static Vector512<int> ConvertToVector512Int32(Vector128<byte> value)
    {
        Vector512<int> result = default;
        Lanes.Map<byte, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector512<int> ConvertToVector512Int32(Vector128<sbyte> value)
    {
        Vector512<int> result = default;
        Lanes.Map<sbyte, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector512<int> ConvertToVector512Int32(Vector256<short> value)
    {
        Vector512<int> result = default;
        Lanes.Map<short, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector512<int> ConvertToVector512Int32(Vector256<ushort> value)
    {
        Vector512<int> result = default;
        Lanes.Map<ushort, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    /// <summary>vcvttps2dq: toward zero; int.MinValue of what no int is near.</summary>
    public static Vector512<int> ConvertToVector512Int32WithTruncation(Vector512<float> value)
    {
        Vector512<int> result = default;
        Lanes.Map<float, int>(
            Lanes.Of(ref value), Lanes.Of(ref result), static v => v is >= -2147483648f and < 2147483648f ? (int)v : int.MinValue);
        return result;
    }

    /// <summary>vpunpckldq: the lower halves of the 128-bit lanes, 32 bits by 32 bits.</summary>
    public static Vector512<int> UnpackLow(Vector512<int> left, Vector512<int> right) => Unpack(left, right, 0);

    /// <summary>vpunpckhdq: the upper halves.</summary>
    public static Vector512<int> UnpackHigh(Vector512<int> left, Vector512<int> right) => Unpack(left, right, 2);

    /// <summary>vpunpcklqdq: the lower halves, 64 bits by 64 bits.</summary>
    public static Vector512<long> UnpackLow(Vector512<long> left, Vector512<long> right) => Unpack(left, right, 0);

    /// <summary>vpunpckhqdq: the upper halves.</summary>
    public static Vector512<long> UnpackHigh(Vector512<long> left, Vector512<long> right) => Unpack(left, right, 1);

    private static Vector512<T> Unpack<T>(Vector512<T> left, Vector512<T> right, int first)
    {
        Vector512<T> result = default;
        int lane = Vector128<T>.Count;
        for (int i = 0; i < Vector512<T>.Count; i++)
        {
            int source = (i / lane * lane) + first + (i % lane / 2);
            Lanes.Of(ref result)[i] = i % 2 == 0 ? left[source] : right[source];
        }

        return result;
    }

    /// <summary>vfmadd: one rounding.</summary>
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c)
    {
        Vector512<float> result = default;
        Lanes.Map<float, float, float, float>(Lanes.Of(ref a), Lanes.Of(ref b), Lanes.Of(ref c), Lanes.Of(ref result), MathF.FusedMultiplyAdd);
        return result;
    }

    /// <summary>vpermps: the low 4 bits of an index count.</summary>
    public static Vector512<float> PermuteVar16x32(Vector512<float> left, Vector512<int> control)
    {
        Vector512<float> result = default;
        Lanes.Permute(Lanes.Of(ref left), i => control[i], Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpermt2ps: bit 4 of an index picks the table, the low 4 bits the entry.</summary>
    public static Vector512<float> PermuteVar16x32x2(Vector512<float> lower, Vector512<int> indices, Vector512<float> upper)
    {
        Vector512<float> result = default;
        Lanes.Permute<float>([.. Lanes.Of(ref lower), .. Lanes.Of(ref upper)], i => indices[i], Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpsllvd: each lane by its own count; nothing is left by 32 and more.</summary>
    public static Vector512<uint> ShiftLeftLogicalVariable(Vector512<uint> value, Vector512<uint> count)
    {
        Vector512<uint> result = default;
        Lanes.Map<uint, uint, uint>(Lanes.Of(ref value), Lanes.Of(ref count), Lanes.Of(ref result), static (v, n) => n < 32 ? v << (int)n : 0);
        return result;
    }

    public static Vector512<uint> ShiftRightLogicalVariable(Vector512<uint> value, Vector512<uint> count)
    {
        Vector512<uint> result = default;
        Lanes.Map<uint, uint, uint>(Lanes.Of(ref value), Lanes.Of(ref count), Lanes.Of(ref result), static (v, n) => n < 32 ? v >>> (int)n : 0);
        return result;
    }
}
