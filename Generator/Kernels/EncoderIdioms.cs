namespace KernelGen.Generator.Kernels;

/// <summary>The text of the encoders' shared idioms. They call nothing of the runtime: the kernels that call them must not.</summary>
internal static class EncoderIdioms
{
    public const string Text = """
        /// <summary>The last weights of a span, completed with zeros.</summary>
        [InlineArray(8)]
        internal struct EightWeights
        {
            private float _first;
        }

        /// <summary>Idioms of the encoders, over finite weights.</summary>
        internal static unsafe class EncoderIdioms
        {
            /// <summary>The largest magnitude, 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Largest(float* x, long count)
            {
                float largest = 0;
                for (long i = 0; i < count; i++)
                {
                    float magnitude = Math.Abs(x[i]);
                    largest = magnitude > largest ? magnitude : largest;
                }

                return largest;
            }

            /// <summary>The weight of largest magnitude, the first of equals, with its sign; 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float SignedLargest(float* x, long count)
            {
                float largest = 0;
                for (long i = 0; i < count; i++)
                {
                    largest = Math.Abs(x[i]) > Math.Abs(largest) ? x[i] : largest;
                }

                return largest;
            }

            /// <summary>The least weight, the first of equals (zeros differ by their sign); 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Low(float* x, long count)
            {
                float low = count == 0 ? 0 : *x;
                for (long i = 1; i < count; i++)
                {
                    low = x[i] < low ? x[i] : low;
                }

                return low;
            }

            /// <summary>The largest weight, the first of equals; 0 of none.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float High(float* x, long count)
            {
                float high = count == 0 ? 0 : *x;
                for (long i = 1; i < count; i++)
                {
                    high = x[i] > high ? x[i] : high;
                }

                return high;
            }

            /// <summary>Sum of magnitudes in 8 lanes of f64: weight i in lane i % 8, lanes 4 apart added first, then 2 apart, then neighbours.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static double Magnitudes(float* x, long count) =>
                ((Lane(x, count, 0) + Lane(x, count, 4)) + (Lane(x, count, 2) + Lane(x, count, 6)))
                + ((Lane(x, count, 1) + Lane(x, count, 5)) + (Lane(x, count, 3) + Lane(x, count, 7)));

            /// <summary>One lane of <see cref="Magnitudes"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static double Lane(float* x, long count, long lane)
            {
                double sum = 0;
                for (long i = lane; i < count; i += 8)
                {
                    sum += Math.Abs(x[i]);
                }

                return sum;
            }

            /// <summary>The sum of the weights of some rows.</summary>
            public static double Sum(float* x, long stride, long rows, long k)
            {
                double sum = 0;
                for (long r = 0; r < rows; r++)
                {
                    for (long i = 0; i < k; i++)
                    {
                        sum += x[(r * stride) + i];
                    }
                }

                return sum;
            }

            /// <summary>The sum of the weights' distances from a number.</summary>
            public static double Deviations(float* x, long stride, long rows, long k, double centre)
            {
                double sum = 0;
                for (long r = 0; r < rows; r++)
                {
                    for (long i = 0; i < k; i++)
                    {
                        sum += Math.Abs(x[(r * stride) + i] - centre);
                    }
                }

                return sum;
            }

            /// <summary>The sum of the squares of these distances.</summary>
            public static double SquaredDeviations(float* x, long stride, long rows, long k, double centre)
            {
                double sum = 0;
                for (long r = 0; r < rows; r++)
                {
                    for (long i = 0; i < k; i++)
                    {
                        double distance = x[(r * stride) + i] - centre;
                        sum += distance * distance;
                    }
                }

                return sum;
            }

            /// <summary>Counters of a byte's values.</summary>
            [InlineArray(256)]
            internal struct ByteCounts
            {
                private long _first;
            }

            /// <summary>
            /// The lower median of the magnitudes, 0 of none. Magnitudes are ordered as their bits are: of its four bytes one pass each finds
            /// the one below which the median's rank falls, among the weights that share the bytes above.
            /// </summary>
            public static float MedianMagnitude(float* x, long stride, long rows, long k)
            {
                ByteCounts counted;
                long* counts = (long*)&counted;
                long rank = ((rows * k) - 1) / 2;
                uint found = 0;
                for (int shift = 24; shift >= 0; shift -= 8)
                {
                    for (int i = 0; i < 256; i++)
                    {
                        counts[i] = 0;
                    }

                    for (long r = 0; r < rows; r++)
                    {
                        for (long i = 0; i < k; i++)
                        {
                            uint bits = BitConverter.SingleToUInt32Bits(x[(r * stride) + i]) & 0x7FFFFFFF;
                            if ((ulong)bits >> (shift + 8) == (ulong)found >> (shift + 8))
                            {
                                counts[(bits >> shift) & 0xFF]++;
                            }
                        }
                    }

                    uint digit = 0;
                    while (digit < 255 && rank >= counts[digit])
                    {
                        rank -= counts[digit];
                        digit++;
                    }

                    found |= rows * k == 0 ? 0 : digit << shift;
                }

                return BitConverter.UInt32BitsToSingle(found);
            }

            /// <summary>The nearest half, ties to even: infinite from 65520 on, subnormals included.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Half(float value)
            {
                uint bits = BitConverter.SingleToUInt32Bits(value);
                uint sign = (bits >> 16) & 0x8000;
                uint magnitude = bits & 0x7FFFFFFF;
                if (magnitude - 0x38800000 < 0x47800000 - 0x38800000)
                {
                    // Exponents rebased by 2^-112; what the addend carries rounds.
                    return sign | ((magnitude + 0xC8000FFF + ((magnitude >> 13) & 1)) >> 13);
                }

                // Below the least normal half, f32 addition to 1/2 rounds at 2^-24, the step of subnormal halves.
                return sign | (magnitude < 0x38800000
                    ? BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle(magnitude) + 0.5f) - 0x3F000000
                    : magnitude > 0x7F800000 ? 0x7E00u : 0x7C00u);
            }

            /// <summary>The nearest bfloat16, ties to even.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint BFloat16(float value)
            {
                uint bits = BitConverter.SingleToUInt32Bits(value);
                return (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
            }

            /// <summary>The nearest integer in [low, high], ties to even; low for a NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int Round(float value, float low, float high)
            {
                value = value > low ? value : low;
                return (int)MathF.Round(value < high ? value : high);
            }

            /// <summary>The larger, the bound for a NaN.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float AtLeast(float value, float bound) => value > bound ? value : bound;

            /// <summary>A number, moved into [low, high].</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int Clamp(int value, int low, int high) => value < low ? low : value > high ? high : value;

            /// <summary>The least exponent E in [0, largest] with 2^(E - 127 + exponent) at least <paramref name="value"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static uint Exponent(float value, int exponent, int largest) =>
                value > 0 ? (uint)Clamp(CeilingLog2(value) - exponent + 127, 0, largest) : 0;

            /// <summary>floor(log2 value) of a positive value, exactly; 128 of infinity.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int FloorLog2(float value)
            {
                int bits = BitConverter.SingleToInt32Bits(value);
                return bits >= 0x00800000 ? (bits >> 23) - 127 : (BitConverter.SingleToInt32Bits(value * 16777216f) >> 23) - 151;
            }

            /// <summary>ceil(log2 value) of a positive value, exactly.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int CeilingLog2(float value)
            {
                int bits = BitConverter.SingleToInt32Bits(value < 1.1754944e-38f ? value * 16777216f : value);
                return FloorLog2(value) + ((bits & 0x007FFFFF) != 0 ? 1 : 0);
            }

            /// <summary>How many of the ascending thresholds are below <paramref name="value"/>.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static int Above(float* thresholds, int count, float value)
            {
                int low = 0;
                int high = count;
                while (low < high)
                {
                    int middle = (low + high) / 2;
                    if (value > thresholds[middle])
                    {
                        low = middle + 1;
                    }
                    else
                    {
                        high = middle;
                    }
                }

                return low;
            }
        }
        """;
}
