using System;

namespace KernelGen.Bench.Kernels;

/// <summary>Deterministic, roughly normal numbers of a weight's size.</summary>
internal static class SampleWeights
{
    public static float[] Make(int rows, int columns)
    {
        float[] values = new float[(long)rows * columns];
        ulong state = 42;
        for (int i = 0; i < values.Length; i++)
        {
            int sum = 0;
            for (int draw = 0; draw < 4; draw++)
            {
                state = (state * 6364136223846793005) + 1442695040888963407;
                sum += (int)(state >> 44);
            }

            values[i] = (sum - (2 << 20)) * 1e-7f;
        }

        return values;
    }
}
