using System;

namespace KernelGen.Tests.Runtime;

/// <summary>Weights and activations for tests, the same in every run.</summary>
internal static class Data
{
    public static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)((random.NextDouble() * 2) - 1);
        }

        return values;
    }

    /// <summary>The product as <see cref="FakeFormat"/> defines it for int8: the same bits in every layout.</summary>
    public static unsafe float[,] Int8(float[] weights, int n, int k, float[] activations, int m)
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights.AsSpan(0, n * k), n, k);
        float[,] y = new float[m, n];
        for (int j = 0; j < m; j++)
        {
            sbyte[] codes = new sbyte[(k + 31) / 32 * 32];
            float[] d = new float[codes.Length / 32];
            for (int g = 0; g < d.Length; g++)
            {
                ReadOnlySpan<float> group = activations.AsSpan((j * k) + (32 * g), Math.Min(32, k - (32 * g)));
                float largest = 0;
                foreach (float x in group)
                {
                    largest = Math.Max(largest, Math.Abs(x));
                }

                d[g] = largest / 127f;
                for (int i = 0; i < group.Length && largest > 0; i++)
                {
                    codes[(32 * g) + i] = (sbyte)MathF.Round(group[i] * (127f / largest), MidpointRounding.ToEven);
                }
            }

            for (int o = 0; o < n; o++)
            {
                byte* row = matrix.Blocks + (o * matrix.RowByteCount);
                float outer = *(float*)matrix.TensorSide * ((float*)matrix.RowSides)[o];
                float sum = 0;
                for (int g = 0; g < d.Length; g++, row += FakeFormat.Bytes)
                {
                    int dot = 0;
                    for (int i = 0; i < 32; i++)
                    {
                        dot += ((sbyte*)row)[4 + i] * codes[(32 * g) + i];
                    }

                    sum += outer * *(float*)row * d[g] * dot;
                }

                y[j, o] = sum;
            }
        }

        return y;
    }

    /// <summary>The product in f32, summed in stretches of so many inputs.</summary>
    public static float[,] Float32(float[] weights, int n, int k, float[] activations, int m, int stretch)
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(weights.AsSpan(0, n * k), n, k);
        float[,] y = new float[m, n];
        float[] row = new float[k];
        for (int o = 0; o < n; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int j = 0; j < m; j++)
            {
                for (int first = 0; first < k; first += stretch)
                {
                    float sum = 0;
                    for (int i = first; i < Math.Min(k, first + stretch); i++)
                    {
                        sum += row[i] * activations[(j * k) + i];
                    }

                    y[j, o] = first == 0 ? sum : y[j, o] + sum;
                }
            }
        }

        return y;
    }
}
