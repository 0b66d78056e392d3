namespace KernelGen.Generator.Kernels;

/// <summary>The text of the encoders' shared idioms.</summary>
internal static class EncoderIdioms
{
    public const string Text = """
        /// <summary>The range of a group of finite weights.</summary>
        internal unsafe struct WeightRange
        {
            private double _magnitudes;
            private long _count;

            /// <summary>The least weight, 0 of none.</summary>
            public float Low { get; private set; }

            /// <summary>The largest weight, 0 of none.</summary>
            public float High { get; private set; }

            /// <summary>The largest magnitude.</summary>
            public float Largest { get; private set; }

            /// <summary>The weight of largest magnitude, the first of equals, with its sign.</summary>
            public float SignedLargest { get; private set; }

            /// <summary>The mean magnitude, 0 of none.</summary>
            public readonly float Mean => _count == 0 ? 0 : (float)(_magnitudes / _count);

            /// <summary>Includes the weights at <paramref name="x"/>.</summary>
            public void Include(float* x, long count)
            {
                unchecked
                {
                    for (long i = 0; i < count; i++)
                    {
                        float value = x[i];
                        float magnitude = Math.Abs(value);
                        bool first = _count == 0 && i == 0;
                        Low = first || value < Low ? value : Low;
                        High = first || value > High ? value : High;
                        SignedLargest = magnitude > Largest ? value : SignedLargest;
                        Largest = magnitude > Largest ? magnitude : Largest;
                        _magnitudes += magnitude;
                    }

                    _count += count;
                }
            }
        }

        /// <summary>Idioms of the encoders.</summary>
        internal static class EncoderIdioms
        {
            /// <summary>The nearest bfloat16, ties to even.</summary>
            public static uint BFloat16(float value)
            {
                uint bits = BitConverter.SingleToUInt32Bits(value);
                return (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16;
            }

            /// <summary>The least exponent E in [0, largest] with 2^(E - 127 + exponent) at least <paramref name="value"/>.</summary>
            public static uint Exponent(float value, int exponent, int largest) =>
                value > 0 ? (uint)Math.Clamp(CeilingLog2(value) - exponent + 127, 0, largest) : 0;

            /// <summary>ceil(log2 value) of a positive value, exactly.</summary>
            public static int CeilingLog2(float value)
            {
                int floor = Math.ILogB(value);
                return Math.ScaleB(1.0, floor) == value ? floor : floor + 1;
            }

            /// <summary>How many of the ascending f32 midpoints are below <paramref name="value"/>.</summary>
            public static int Above(ReadOnlySpan<int> midpoints, float value)
            {
                int low = 0;
                int high = midpoints.Length;
                while (low < high)
                {
                    int middle = (low + high) / 2;
                    if (value > BitConverter.Int32BitsToSingle(midpoints[middle]))
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
