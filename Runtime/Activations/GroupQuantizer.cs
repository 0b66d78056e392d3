using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace KernelGen;

/// <summary>
/// Quantizes one group of activations to int8: d = amax / 127, q = round-half-even(x * (127 / amax)), both divisions and the
/// product in f32. Twice: in plain C#, the definition, and in vectors, with the same bits.
/// </summary>
internal static unsafe class GroupQuantizer
{
    private const int MagnitudeMask = 0x7FFF_FFFF;
    private const int InfinityBits = 0x7F80_0000;

    /// <summary>The definition.</summary>
    /// <param name="x">Activations [count].</param>
    /// <param name="count">Activations of the group that are there.</param>
    /// <param name="codes">Codes [count], written.</param>
    /// <returns>d.</returns>
    public static float QuantizeScalar(float* x, int count, sbyte* codes)
    {
        int largest = 0;
        for (int i = 0; i < count; i++)
        {
            largest = Math.Max(largest, BitConverter.SingleToInt32Bits(x[i]) & MagnitudeMask);
        }

        if (!HasCodes(largest, out float d, out float inverse))
        {
            new Span<sbyte>(codes, count).Clear();
            return d;
        }

        for (int i = 0; i < count; i++)
        {
            codes[i] = (sbyte)(int)MathF.Round(x[i] * inverse, MidpointRounding.ToEven);
        }

        return d;
    }

    /// <summary>The same as <see cref="QuantizeScalar"/>, in vectors.</summary>
    /// <param name="x">Activations [count].</param>
    /// <param name="count">Activations of the group that are there.</param>
    /// <param name="codes">Codes [count], written.</param>
    /// <returns>d.</returns>
    public static float Quantize(float* x, int count, sbyte* codes)
    {
        Vector256<int> mask = Vector256.Create(MagnitudeMask);
        Vector256<int> largestOf = Vector256<int>.Zero;
        int i = 0;
        for (; i <= count - 8; i += 8)
        {
            largestOf = Vector256.Max(largestOf, Vector256.Load((int*)(x + i)) & mask);
        }

        int largest = Largest(largestOf);
        for (; i < count; i++)
        {
            largest = Math.Max(largest, BitConverter.SingleToInt32Bits(x[i]) & MagnitudeMask);
        }

        if (!HasCodes(largest, out float d, out float inverse))
        {
            new Span<sbyte>(codes, count).Clear();
            return d;
        }

        Vector256<float> factor = Vector256.Create(inverse);
        i = 0;
        for (; i <= count - 32; i += 32)
        {
            Vector256<short> low = Vector256.Narrow(Round(x + i, factor), Round(x + i + 8, factor));
            Vector256<short> high = Vector256.Narrow(Round(x + i + 16, factor), Round(x + i + 24, factor));
            Vector256.Narrow(low, high).Store(codes + i);
        }

        for (; i <= count - 8; i += 8)
        {
            Vector256<int> q = Round(x + i, factor);
            Vector128<short> shorts = Vector128.Narrow(q.GetLower(), q.GetUpper());
            *(long*)(codes + i) = Vector128.Narrow(shorts, shorts).AsInt64().ToScalar();
        }

        for (; i < count; i++)
        {
            codes[i] = (sbyte)(int)MathF.Round(x[i] * inverse, MidpointRounding.ToEven);
        }

        return d;
    }

    /// <summary>The sum of codes.</summary>
    /// <param name="codes">Codes [count].</param>
    /// <param name="count">How many.</param>
    /// <returns>Σq.</returns>
    public static int Sum(sbyte* codes, int count)
    {
        int sum = 0;
        int i = 0;
        if (count >= 16)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; i <= count - 16; i += 16)
            {
                (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(codes + i));
                (Vector128<int> a, Vector128<int> b) = Vector128.Widen(low + high);
                sums += a + b;
            }

            sum = Vector128.Sum(sums);
        }

        for (; i < count; i++)
        {
            sum += codes[i];
        }

        return sum;
    }

    /// <summary>Whether a group has codes, or is one of the two kinds whose codes are all zero.</summary>
    private static bool HasCodes(int largestBits, out float d, out float inverse)
    {
        inverse = 0;
        if (largestBits >= InfinityBits)
        {
            d = float.NaN;
            return false;
        }

        float largest = BitConverter.Int32BitsToSingle(largestBits);
        if (largest < ActivationPacker.SmallestMagnitude)
        {
            d = 0;
            return false;
        }

        d = largest / 127f;
        inverse = 127f / largest;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(float* x, Vector256<float> factor) =>
        Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(x) * factor));

    private static int Largest(Vector256<int> values)
    {
        Vector128<int> four = Vector128.Max(values.GetLower(), values.GetUpper());
        Vector128<int> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(two.ToScalar(), two.GetElement(1));
    }
}
