using System;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation.X86;

/// <summary>AVX-512, bytes and words.</summary>
[Emulates(typeof(System.Runtime.Intrinsics.X86.Avx512BW))]
public static class Avx512BW
{
    public static bool IsSupported => true;

    /// <summary>vpabsb: |-128| is 128.</summary>
    public static Vector512<byte> Abs(Vector512<sbyte> value)
    {
        Vector512<byte> result = default;
        Lanes.Map<sbyte, byte>(Lanes.Of(ref value), Lanes.Of(ref result), static v => (byte)Math.Abs((int)v));
        return result;
    }

    /// <summary>vpmovb2m and vpblendmb: the right lane where the mask's top bit is set.</summary>
    public static Vector512<sbyte> BlendVariable(Vector512<sbyte> left, Vector512<sbyte> right, Vector512<sbyte> mask)
    {
        Vector512<sbyte> result = default;
        Lanes.Map<sbyte, sbyte, sbyte, sbyte>(
            Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref mask), Lanes.Of(ref result), static (l, r, m) => m < 0 ? r : l);
        return result;
    }

    /// <summary>vpmovb2m and vpblendmb: the right lane where the mask's top bit is set.</summary>
    public static Vector512<byte> BlendVariable(Vector512<byte> left, Vector512<byte> right, Vector512<byte> mask) =>
        BlendVariable(left.AsSByte(), right.AsSByte(), mask.AsSByte()).AsByte();

    public static Vector512<short> ConvertToVector512Int16(Vector256<byte> value)
    {
        Vector512<short> result = default;
        Lanes.Map<byte, short>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector512<short> ConvertToVector512Int16(Vector256<sbyte> value)
    {
        Vector512<short> result = default;
        Lanes.Map<sbyte, short>(Lanes.Of(ref value), Lanes.Of(ref result), static v => v);
        return result;
    }

    public static Vector512<short> MultiplyAddAdjacent(Vector512<byte> left, Vector512<sbyte> right)
    {
        Vector512<short> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }

    public static Vector512<int> MultiplyAddAdjacent(Vector512<short> left, Vector512<short> right)
    {
        Vector512<int> result = default;
        Lanes.MultiplyAddAdjacent(Lanes.Of(ref left), Lanes.Of(ref right), Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpshufb: within 128 bits.</summary>
    public static Vector512<byte> Shuffle(Vector512<byte> value, Vector512<byte> mask)
    {
        Vector512<byte> result = default;
        Lanes.Shuffle(Lanes.Of(ref value), Lanes.Of(ref mask), Lanes.Of(ref result));
        return result;
    }

    /// <summary>vpunpcklbw: the lower halves of the 128-bit lanes, byte by byte.</summary>
    public static Vector512<byte> UnpackLow(Vector512<byte> left, Vector512<byte> right) => Unpack(left, right, 0);

    /// <summary>vpunpckhbw: the upper halves.</summary>
    public static Vector512<byte> UnpackHigh(Vector512<byte> left, Vector512<byte> right) => Unpack(left, right, 8);

    private static Vector512<byte> Unpack(Vector512<byte> left, Vector512<byte> right, int first)
    {
        Vector512<byte> result = default;
        for (int i = 0; i < 64; i++)
        {
            int source = (i / 16 * 16) + first + (i % 16 / 2);
            Lanes.Of(ref result)[i] = i % 2 == 0 ? left[source] : right[source];
        }

        return result;
    }
}
