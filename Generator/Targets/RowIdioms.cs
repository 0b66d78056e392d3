using System;
using System.Linq;

namespace KernelGen.Generator.Targets;

/// <summary>
/// The text of the row kernels' idioms that are more than one expression: operations that vectors of any width have, so one text
/// for every vector target.
/// </summary>
internal static class RowIdioms
{
    /// <summary>Weights of a matrix to fetch ahead of those that are encoded: what their arithmetic leaves of the time would go to waiting for memory.</summary>
    public const int FetchAhead = 1024;

    /// <summary>Weights of a cache line.</summary>
    public const int LineWeights = 16;

    /// <summary>The class of a target whose vectors have so many bits; <paramref name="prefetch"/> prints the fetch of a cache line, or nothing.</summary>
    public static string Text(int bits, string name, Func<string, string> prefetch) => Template
        .Replace("$FETCH2", Fetch(prefetch, 2 * (bits / 32)))
        .Replace("$FETCH4", Fetch(prefetch, 4 * (bits / 32)))
        .Replace("RowIdioms", name)
        .Replace("$LARGEST", Fold(bits, "MaxNative"))
        .Replace("$SMALLEST", Fold(bits, "MinNative"))
        .Replace("$SUMS", Sums(bits))
        .Replace("VectorN", "Vector" + bits)
        .Replace("$LANES", $"{bits / 32}");

    /// <summary>The fetches of so many weights at <c>x</c>, and what separates them from the next statement.</summary>
    private static string Fetch(Func<string, string> prefetch, int weights) => string.Concat(Enumerable.Range(0, (weights + LineWeights - 1) / LineWeights)
        .Select(line => prefetch($"x + {FetchAhead + (LineWeights * line)}"))
        .Where(static text => text.Length > 0)
        .Select(static text => text + "\n            "));

    /// <summary>A vector <c>v</c> folded to 128 bits.</summary>
    private static string Fold(int bits, string operation)
    {
        string folded = "v";
        for (; bits > 128; bits /= 2)
        {
            folded = $"Vector{bits / 2}.{operation}({folded}.GetLower(), {folded}.GetUpper())";
        }

        return folded;
    }

    /// <summary>The body of the sum of magnitudes: 8 lanes of f64 whatever the width, so the same sum on every target.</summary>
    private static string Sums(int bits)
    {
        const string Declared = """
                    EightWeights last = default;
                    $DECLARE
                    for (; count > 0; count -= 8, x += 8)
                    {
                        float* from = x;
                        if (count < 8)
                        {
                            from = (float*)&last;
                            for (long i = 0; i < count; i++)
                            {
                                from[i] = x[i];
                            }
                        }

                        $ADD
                    }

                    Vector128<double> sum = $FOLD;
                    return sum.GetElement(0) + sum.GetElement(1);
            """;
        (string declare, string add, string fold) = bits switch
        {
            128 => (
                "Vector128<double> a = default;\n        Vector128<double> b = default;\n        Vector128<double> c = default;\n        Vector128<double> d = default;",
                "Vector128<float> first = Vector128.Abs(Vector128.Load(from));\n            Vector128<float> second = Vector128.Abs(Vector128.Load(from + 4));\n            a += Vector128.WidenLower(first);\n            b += Vector128.WidenUpper(first);\n            c += Vector128.WidenLower(second);\n            d += Vector128.WidenUpper(second);",
                "(a + c) + (b + d)"),
            256 => (
                "Vector256<double> a = default;\n        Vector256<double> b = default;",
                "Vector256<float> first = Vector256.Abs(Vector256.Load(from));\n            a += Vector256.WidenLower(first);\n            b += Vector256.WidenUpper(first);",
                "(a + b).GetLower() + (a + b).GetUpper()"),
            _ => (
                "Vector512<double> a = default;",
                "a += Vector512.WidenLower(Vector256.Abs(Vector256.Load(from)).ToVector512Unsafe());",
                "(a.GetLower() + a.GetUpper()).GetLower() + (a.GetLower() + a.GetUpper()).GetUpper()"),
        };
        return Declared.Replace("$DECLARE", declare).Replace("$ADD", add).Replace("$FOLD", fold);
    }

    private const string Template = """
        /// <summary>Idioms of the row kernels, whose lanes are inputs: of finite numbers.</summary>
        internal static unsafe class RowIdioms
        {
            /// <summary>The largest lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float LargestLane(VectorN<float> v)
            {
                Vector128<float> four = $LARGEST;
                Vector128<float> two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
                return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
            }

            /// <summary>The smallest lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float SmallestLane(VectorN<float> v)
            {
                Vector128<float> four = $SMALLEST;
                Vector128<float> two = Vector128.MinNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
                return Vector128.MinNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
            }

            /// <summary>Stores the halves nearest to numbers, ties to even.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void StoreHalves(float* x, long count, ushort* halves)
            {
                for (; count >= 2 * $LANES; count -= 2 * $LANES, x += 2 * $LANES, halves += 2 * $LANES)
                {
                    $FETCH2VectorN.Narrow(Half(VectorN.Load(x)), Half(VectorN.Load(x + $LANES))).Store(halves);
                }

                for (long i = 0; i < count; i++)
                {
                    halves[i] = (ushort)EncoderIdioms.Half(x[i]);
                }
            }

            /// <summary>
            /// As <see cref="EncoderIdioms.Half"/>. A number is added to 2^13 of its own binade, of which the step is that of halves there: of that of 2^-14 at least, so that
            /// subnormal halves round likewise, and of no more than 2^16, whose half is infinite. The bits of the sum beyond the addend are the half's, but for the binade.
            /// </summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static VectorN<uint> Half(VectorN<float> value)
            {
                VectorN<int> magnitude = value.AsInt32() & VectorN.Create(0x7FFFFFFF);
                VectorN<int> bounded = VectorN.Min(magnitude, VectorN.Create(0x47800000));
                VectorN<int> binade = VectorN.Max(bounded & VectorN.Create(0x7F800000), VectorN.Create(0x38800000));
                VectorN<int> sum = (bounded.AsSingle() + (binade + VectorN.Create(0x06800000)).AsSingle()).AsInt32();
                VectorN<int> half = sum - binade + (binade >>> 13) - VectorN.Create(0x0681C400);
                VectorN<int> nan = VectorN.GreaterThan(magnitude, VectorN.Create(0x7F800000)) & VectorN.Create(0x0200);
                return (half | nan | ((value.AsInt32() >>> 16) & VectorN.Create(0x8000))).AsUInt32();
            }

            /// <summary>Stores the bfloat16 nearest to numbers, ties to even.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void StoreBFloat16(float* x, long count, ushort* numbers)
            {
                for (; count >= 2 * $LANES; count -= 2 * $LANES, x += 2 * $LANES, numbers += 2 * $LANES)
                {
                    $FETCH2VectorN.Narrow(BFloat16(VectorN.Load(x)), BFloat16(VectorN.Load(x + $LANES))).Store(numbers);
                }

                for (long i = 0; i < count; i++)
                {
                    numbers[i] = (ushort)EncoderIdioms.BFloat16(x[i]);
                }
            }

            /// <summary>As <see cref="EncoderIdioms.BFloat16"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static VectorN<uint> BFloat16(VectorN<float> value) =>
                (value.AsUInt32() + VectorN.Create(0x7FFFu) + ((value.AsUInt32() >>> 16) & VectorN.Create(1u))) >>> 16;

            /// <summary>Stores numbers as they are.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static void StoreSingles(float* x, long count, float* numbers)
            {
                for (; count >= 4 * $LANES; count -= 4 * $LANES, x += 4 * $LANES, numbers += 4 * $LANES)
                {
                    $FETCH4VectorN.Load(x).Store(numbers);
                    VectorN.Load(x + $LANES).Store(numbers + $LANES);
                    VectorN.Load(x + (2 * $LANES)).Store(numbers + (2 * $LANES));
                    VectorN.Load(x + (3 * $LANES)).Store(numbers + (3 * $LANES));
                }

                for (long i = 0; i < count; i++)
                {
                    numbers[i] = x[i];
                }
            }

            /// <summary>The larger, the bound for a NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static VectorN<float> AtLeast(VectorN<float> value, VectorN<float> bound) =>
                VectorN.ConditionalSelect(VectorN.GreaterThan(value, bound), value, bound);

            /// <summary>The largest magnitude, 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Largest(float* x, long count)
            {
                if (count < $LANES)
                {
                    return EncoderIdioms.Largest(x, count);
                }

                // The last vector may overlap the one before it.
                VectorN<float> largest = VectorN.Abs(VectorN.Load(x + count - $LANES));
                for (long i = 0; i < count - $LANES; i += $LANES)
                {
                    largest = VectorN.MaxNative(largest, VectorN.Abs(VectorN.Load(x + i)));
                }

                return LargestLane(largest);
            }

            /// <summary>The weight of largest magnitude, the first of equals, with its sign; 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float SignedLargest(float* x, long count)
            {
                float low = Low(x, count);
                float high = High(x, count);
                return high > -low ? high : -low > high ? low : EncoderIdioms.SignedLargest(x, count);
            }

            /// <summary>The least weight, the first of equals; 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Low(float* x, long count)
            {
                if (count < $LANES)
                {
                    return EncoderIdioms.Low(x, count);
                }

                VectorN<float> low = VectorN.Load(x + count - $LANES);
                for (long i = 0; i < count - $LANES; i += $LANES)
                {
                    low = VectorN.MinNative(low, VectorN.Load(x + i));
                }

                // Zeros differ by their sign.
                float least = SmallestLane(low);
                return least == 0 ? EncoderIdioms.Low(x, count) : least;
            }

            /// <summary>The largest weight, the first of equals; 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float High(float* x, long count)
            {
                if (count < $LANES)
                {
                    return EncoderIdioms.High(x, count);
                }

                VectorN<float> high = VectorN.Load(x + count - $LANES);
                for (long i = 0; i < count - $LANES; i += $LANES)
                {
                    high = VectorN.MaxNative(high, VectorN.Load(x + i));
                }

                float most = LargestLane(high);
                return most == 0 ? EncoderIdioms.High(x, count) : most;
            }

            /// <summary>The sum of magnitudes of <see cref="EncoderIdioms.Magnitudes"/>, lane for lane.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static double Magnitudes(float* x, long count)
            {
        $SUMS
            }
        }
        """;
}
