using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace KernelGen.Containers;

/// <summary>Widens stored floats to <c>float</c>. Every conversion is exact; the payloads of NaNs are kept.</summary>
internal static unsafe class FloatReader
{
    private const float HalfRebias = 5.192296858534828e33f;   // 2^112: binary16's exponent bias is 15, binary32's 127
    private const uint HalfInfinity = 0x7C00u << 13;
    private const uint SingleExponent = 0x7F800000;

    /// <summary>Reads <c>destination.Length</c> elements from memory that holds at least as many.</summary>
    public static void Read(FloatEncoding encoding, byte* source, Span<float> destination)
    {
        switch (encoding)
        {
            case FloatEncoding.Float32:
                fixed (float* target = destination)
                {
                    long bytes = (long)destination.Length * sizeof(float);
                    Buffer.MemoryCopy(source, target, bytes, bytes);
                }

                break;
            case FloatEncoding.Float16:
                ReadHalf(source, destination);
                break;
            case FloatEncoding.BFloat16:
                ReadBFloat16(source, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(encoding));
        }
    }

    private static void ReadHalf(byte* source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(source + ((nint)i * 2)), out Vector<uint> low, out Vector<uint> high);
            WidenHalf(low).CopyTo(destination[i..]);
            WidenHalf(high).CopyTo(destination[(i + Vector<float>.Count)..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = WidenHalf(Unsafe.ReadUnaligned<ushort>(source + ((nint)i * 2)));
        }
    }

    private static void ReadBFloat16(byte* source, Span<float> destination)
    {
        int i = 0;
        for (; i <= destination.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(Unsafe.ReadUnaligned<Vector<ushort>>(source + ((nint)i * 2)), out Vector<uint> low, out Vector<uint> high);
            Vector.AsVectorSingle(low << 16).CopyTo(destination[i..]);
            Vector.AsVectorSingle(high << 16).CopyTo(destination[(i + Vector<float>.Count)..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)Unsafe.ReadUnaligned<ushort>(source + ((nint)i * 2)) << 16);
        }
    }

    // The magnitude, moved to binary32's fields and multiplied by 2^112, is right for normal and subnormal values;
    // infinities and NaNs come out finite and get their exponent set.
    private static Vector<float> WidenHalf(Vector<uint> half)
    {
        Vector<uint> magnitude = (half & new Vector<uint>(0x7FFF)) << 13;
        Vector<uint> special = Vector.GreaterThanOrEqual(magnitude, new Vector<uint>(HalfInfinity)) & new Vector<uint>(SingleExponent);
        Vector<uint> sign = (half & new Vector<uint>(0x8000)) << 16;
        Vector<float> scaled = Vector.AsVectorSingle(magnitude) * new Vector<float>(HalfRebias);
        return Vector.AsVectorSingle(Vector.AsVectorUInt32(scaled) | special | sign);
    }

    private static float WidenHalf(ushort half)
    {
        uint magnitude = (uint)(half & 0x7FFF) << 13;
        uint special = magnitude >= HalfInfinity ? SingleExponent : 0;
        uint sign = (uint)(half & 0x8000) << 16;
        float scaled = BitConverter.UInt32BitsToSingle(magnitude) * HalfRebias;
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(scaled) | special | sign);
    }
}
