using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX2.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx2))]
public static unsafe class Avx2
{
    public static bool IsSupported => true;

    /// <summary>vpabsb: |-128| is 128.</summary>
    public static Vector256<byte> Abs(Vector256<sbyte> value)
    {
        Vector256<byte> result = default;
        Lanes.Map<sbyte, byte>(Lanes.Of(ref value), Lanes.Of(ref result), static v => (byte)Math.Abs((int)v));
        return result;
    }

    public static Vector256<byte> BroadcastVector128ToVector256(byte* address) => Vector256.Create(Vector128.Load(address));

    public static Vector256<short> ConvertToVector256Int16(sbyte* address)
    {
        Vector256<short> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (short)v);
        return result;
    }

    public static Vector256<short> ConvertToVector256Int16(byte* address)
    {
        Vector256<short> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (short)v);
        return result;
    }

    public static Vector256<short> ConvertToVector256Int16(Vector128<sbyte> value)
    {
        Vector256<short> result = default;
        Lanes.Map<sbyte, short>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector256<short> ConvertToVector256Int16(Vector128<byte> value)
    {
        Vector256<short> result = default;
        Lanes.Map<byte, short>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector256<int> ConvertToVector256Int32(sbyte* address)
    {
        Vector256<int> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (int)v);
        return result;
    }

    public static Vector256<int> ConvertToVector256Int32(byte* address)
    {
        Vector256<int> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (int)v);
        return result;
    }

    public static Vector256<int> ConvertToVector256Int32(short* address)
    {
        Vector256<int> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (int)v);
        return result;
    }

    public static Vector256<int> ConvertToVector256Int32(Vector128<short> value)
    {
        Vector256<int> result = default;
        Lanes.Map<short, int>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector256<int> ConvertToVector256Int32(ushort* address)
    {
        Vector256<int> result = default;
        Lanes.Load(address, Lanes.Of(ref result), static v => (int)v);
        return result;
    }

    /// <summary>vgatherdps: f32 at signed multiples of 1, 2, 4 or 8 bytes.</summary>
    public static Vector256<float> GatherVector256(float* baseAddress, Vector256<int> index, byte scale)
    {
        if (scale is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(scale));
        }

        Vector256<float> result = default;
        for (int i = 0; i < 8; i++)
        {
            Lanes.Of(ref result)[i] = *(float*)((byte*)baseAddress + ((long)index[i] * scale));
        }

        return result;
    }

    public static Vector256<short> MultiplyAddAdjacent(Vector256<byte> left, Vector256<sbyte> right)
    {
        Vector256<short> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }

    public static Vector256<int> MultiplyAddAdjacent(Vector256<short> left, Vector256<short> right)
    {
        Vector256<int> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpackssdw: saturated to int16; within each 128 bits the left vector's lanes below the right one's.</summary>
    public static Vector256<short> PackSignedSaturate(Vector256<int> left, Vector256<int> right)
    {
        Vector256<short> result = default;
        for (int i = 0; i < 16; i++)
        {
            int lane = (i / 8 * 4) + (i % 4);
            Lanes.Of(ref result)[i] = (short)Math.Clamp(i % 8 < 4 ? left[lane] : right[lane], short.MinValue, short.MaxValue);
        }

        return result;
    }

    /// <summary>vpackuswb: saturated to bytes; within each 128 bits the left vector's lanes below the right one's.</summary>
    public static Vector256<byte> PackUnsignedSaturate(Vector256<short> left, Vector256<short> right)
    {
        Vector256<byte> result = default;
        for (int i = 0; i < 32; i++)
        {
            int lane = (i / 16 * 8) + (i % 8);
            Lanes.Of(ref result)[i] = (byte)Math.Clamp((int)(i % 16 < 8 ? left[lane] : right[lane]), byte.MinValue, byte.MaxValue);
        }

        return result;
    }

    /// <summary>vpacksswb: the same, saturated to signed bytes.</summary>
    public static Vector256<sbyte> PackSignedSaturate(Vector256<short> left, Vector256<short> right)
    {
        Vector256<sbyte> result = default;
        for (int i = 0; i < 32; i++)
        {
            int lane = (i / 16 * 8) + (i % 8);
            Lanes.Of(ref result)[i] = (sbyte)Math.Clamp((int)(i % 16 < 8 ? left[lane] : right[lane]), sbyte.MinValue, sbyte.MaxValue);
        }

        return result;
    }

    public static Vector256<int> PermuteVar8x32(Vector256<int> left, Vector256<int> control)
    {
        Vector256<int> result = default;
        Lanes.Permute(Lanes.Of(ref left), i => control[i], Lanes.Of(ref result));
        return result;
    }

    public static Vector256<float> PermuteVar8x32(Vector256<float> left, Vector256<int> control)
    {
        Vector256<float> result = default;
        Lanes.Permute(Lanes.Of(ref left), i => control[i], Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpsllvd: each lane by its own count; nothing is left by 32 and more.</summary>
    public static Vector256<uint> ShiftLeftLogicalVariable(Vector256<uint> value, Vector256<uint> count)
    {
        Vector256<uint> result = default;
        Lanes.Map<uint, uint, uint>(Lanes.Of(ref value), Lanes.Of(ref count), Lanes.Of(ref result), static (v, n) => n < 32 ? v << (int)n : 0);
        return result;
    }

    public static Vector256<uint> ShiftRightLogicalVariable(Vector256<uint> value, Vector256<uint> count)
    {
        Vector256<uint> result = default;
        Lanes.Map<uint, uint, uint>(Lanes.Of(ref value), Lanes.Of(ref count), Lanes.Of(ref result), static (v, n) => n < 32 ? v >>> (int)n : 0);
        return result;
    }

    public static Vector256<byte> Shuffle(Vector256<byte> value, Vector256<byte> mask)
    {
        Vector256<byte> result = default;
        Lanes.Shuffle(Lanes.Of(ref value), Lanes.Of(ref mask), Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpunpcklbw: the lower halves of the 128-bit lanes, byte by byte.</summary>
    public static Vector256<byte> UnpackLow(Vector256<byte> left, Vector256<byte> right) => Unpack(left, right, 0);

    /// <summary>vpunpckhbw: the upper halves.</summary>
    public static Vector256<byte> UnpackHigh(Vector256<byte> left, Vector256<byte> right) => Unpack(left, right, 8);

    /// <summary>vpunpckldq: the same, 32 bits by 32 bits.</summary>
    public static Vector256<int> UnpackLow(Vector256<int> left, Vector256<int> right) => Vector256.Create(
        left[0], right[0], left[1], right[1], left[4], right[4], left[5], right[5]);

    /// <summary>vpunpckhdq.</summary>
    public static Vector256<int> UnpackHigh(Vector256<int> left, Vector256<int> right) => Vector256.Create(
        left[2], right[2], left[3], right[3], left[6], right[6], left[7], right[7]);

    /// <summary>vpunpcklqdq: the same, 64 bits by 64 bits.</summary>
    public static Vector256<long> UnpackLow(Vector256<long> left, Vector256<long> right) => Vector256.Create(left[0], right[0], left[2], right[2]);

    /// <summary>vpunpckhqdq.</summary>
    public static Vector256<long> UnpackHigh(Vector256<long> left, Vector256<long> right) => Vector256.Create(left[1], right[1], left[3], right[3]);

    private static Vector256<byte> Unpack(Vector256<byte> left, Vector256<byte> right, int first)
    {
        Vector256<byte> result = default;
        for (int i = 0; i < 32; i++)
        {
            int source = (i / 16 * 16) + first + (i % 16 / 2);
            Lanes.Of(ref result)[i] = i % 2 == 0 ? left[source] : right[source];
        }

        return result;
    }

    /// <summary>vpsignb: negated, wrapping, where the right lane is negative; 0 where it is 0.</summary>
    public static Vector256<sbyte> Sign(Vector256<sbyte> left, Vector256<sbyte> right)
    {
        Vector256<sbyte> result = default;
        Lanes.Map<sbyte, sbyte, sbyte>(
            Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => unchecked((sbyte)(l * Math.Sign((int)r))));
        return result;
    }

    /// <summary>vpsignd.</summary>
    public static Vector256<int> Sign(Vector256<int> left, Vector256<int> right)
    {
        Vector256<int> result = default;
        Lanes.Map<int, int, int>(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result), static (l, r) => unchecked(l * Math.Sign(r)));
        return result;
    }
}
