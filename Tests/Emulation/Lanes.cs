using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace KernelGen.Emulation;

/// <summary>Vectors as spans of their lanes, and the shapes most instructions have.</summary>
internal static class Lanes
{
    public static Span<T> Of<T>(ref Vector64<T> vector) => MemoryMarshal.CreateSpan(ref Unsafe.As<Vector64<T>, T>(ref vector), Vector64<T>.Count);

    public static Span<T> Of<T>(ref Vector128<T> vector) => MemoryMarshal.CreateSpan(ref Unsafe.As<Vector128<T>, T>(ref vector), Vector128<T>.Count);

    public static Span<T> Of<T>(ref Vector256<T> vector) => MemoryMarshal.CreateSpan(ref Unsafe.As<Vector256<T>, T>(ref vector), Vector256<T>.Count);

    public static Span<T> Of<T>(ref Vector512<T> vector) => MemoryMarshal.CreateSpan(ref Unsafe.As<Vector512<T>, T>(ref vector), Vector512<T>.Count);

    /// <summary>result[i] = of(a[i]).</summary>
    public static void Map<TA, TResult>(ReadOnlySpan<TA> a, Span<TResult> result, Func<TA, TResult> of)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = of(a[i]);
        }
    }

    /// <summary>result[i] = of(a[i], b[i]).</summary>
    public static void Map<TA, TB, TResult>(ReadOnlySpan<TA> a, ReadOnlySpan<TB> b, Span<TResult> result, Func<TA, TB, TResult> of)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = of(a[i], b[i]);
        }
    }

    /// <summary>result[i] = of(a[i], b[i], c[i]).</summary>
    public static void Map<TA, TB, TC, TResult>(
        ReadOnlySpan<TA> a, ReadOnlySpan<TB> b, ReadOnlySpan<TC> c, Span<TResult> result, Func<TA, TB, TC, TResult> of)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = of(a[i], b[i], c[i]);
        }
    }

    /// <summary>result[i] = of(p[i]), where no more lanes are read than the result has.</summary>
    public static unsafe void Load<T, TResult>(T* p, Span<TResult> result, Func<T, TResult> of)
        where T : unmanaged => Map(new ReadOnlySpan<T>(p, result.Length), result, of);

    /// <summary>Sums of pairs of products, saturated to int16: vpmaddubsw.</summary>
    public static void MultiplyAddAdjacent(ReadOnlySpan<byte> left, ReadOnlySpan<sbyte> right, Span<short> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            int sum = (left[2 * i] * right[2 * i]) + (left[(2 * i) + 1] * right[(2 * i) + 1]);
            result[i] = (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
        }
    }

    /// <summary>Sums of pairs of products, which wrap where all four factors are -32768: vpmaddwd.</summary>
    public static void MultiplyAddAdjacent(ReadOnlySpan<short> left, ReadOnlySpan<short> right, Span<int> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = unchecked((left[2 * i] * right[2 * i]) + (left[(2 * i) + 1] * right[(2 * i) + 1]));
        }
    }

    /// <summary>Sums of four products, added to an accumulator, wrapping: vpdpbusd, sdot.</summary>
    public static void DotQuads(ReadOnlySpan<int> addend, Func<int, int> left, ReadOnlySpan<sbyte> right, Span<int> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            int sum = addend[i];
            for (int j = 4 * i; j < (4 * i) + 4; j++)
            {
                sum = unchecked(sum + (left(j) * right[j]));
            }

            result[i] = sum;
        }
    }

    /// <summary>Bytes picked from the same 128 bits by the low 4 bits of an index, 0 where its top bit is set: vpshufb.</summary>
    public static void Shuffle(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask, Span<byte> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = mask[i] >= 0x80 ? (byte)0 : value[(i & ~15) + (mask[i] & 15)];
        }
    }

    /// <summary>Lanes picked from the whole vector by the low bits of an index: vpermd, vpermps, vpermb.</summary>
    public static void Permute<T>(ReadOnlySpan<T> value, Func<int, int> index, Span<T> result)
    {
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = value[index(i) & (value.Length - 1)];
        }
    }
}
