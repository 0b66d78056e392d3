using System;
using System.Linq;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Int8 products of tables that are stored with the matrix: the integers are worked out when rows are packed or multiplied.</summary>
public sealed class StoredTableTests
{
    private const int Rows = 19;
    private const int Inputs = 300;

    public static TheoryData<KernelTarget, bool> Ways
    {
        get
        {
            TheoryData<KernelTarget, bool> ways = [];
            foreach (KernelSet kernels in Learned4.Descriptor.Kernels.Where(static k => TargetSelection.IsSupported(k.Target)))
            {
                ways.Add(kernels.Target, false);
                ways.Add(kernels.Target, true);
            }

            return ways;
        }
    }

    /// <summary>Every row's codes find that row's own numbers: where they are integers of its largest over 1023, products are exact.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void ProductsOfIntegersAreExact(KernelTarget target, bool packed)
    {
        Random random = new(5);
        float[][] tables = [.. Enumerable.Range(0, Rows).Select(r => Table(random, MathF.ScaleB(1, r - 12)))];
        float[] x = [.. Enumerable.Range(0, Inputs).Select(k => (float)(k == 0 ? 127 : random.Next(-127, 128)))];
        for (int k = 0; k < Inputs; k += 128)
        {
            x[k] = 127; // every group's scale is 1
        }

        using QuantizedMatrix matrix = Matrix(tables, random, out byte[] codes);
        float[] y = Multiply(matrix, x, target, packed);
        for (int r = 0; r < Rows; r++)
        {
            double expected = Enumerable.Range(0, Inputs).Sum(k => (double)x[k] * tables[r][codes[(r * Inputs) + k]]);
            double magnitude = Enumerable.Range(0, Inputs).Sum(k => Math.Abs((double)x[k] * tables[r][codes[(r * Inputs) + k]]));
            Assert.InRange(y[r], expected - (magnitude * 1e-6), expected + (magnitude * 1e-6));
        }
    }

    /// <summary>A row of zeros is zero; a number that is none makes its row none, used or not, and no other.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void TablesOfNoNumbersStayWithTheirRow(KernelTarget target, bool packed)
    {
        Random random = new(6);
        float[][] tables = [.. Enumerable.Range(0, Rows).Select(r => Table(random, 1))];
        tables[1] = new float[16];
        tables[6][15] = float.NaN;
        tables[9][0] = float.NegativeInfinity;
        float[] x = [.. Enumerable.Range(0, Inputs).Select(_ => (float)random.NextDouble())];
        using QuantizedMatrix matrix = Matrix(tables, random, out _, numbers: 15);
        float[] y = Multiply(matrix, x, target, packed);
        Assert.Equal(0, y[1]);
        Assert.Equal([6, 9], Enumerable.Range(0, Rows).Where(r => float.IsNaN(y[r])));
    }

    /// <summary>16 numbers of at most 1023 units, which one of them is, in whole units that f16 holds.</summary>
    private static float[] Table(Random random, float unit)
    {
        float[] table = [.. Enumerable.Range(0, 16).Select(_ => random.Next(-1023, 1024) * unit)];
        table[random.Next(16)] = random.Next(2) == 0 ? 1023 * unit : -1023 * unit;
        return table;
    }

    private static QuantizedMatrix Matrix(float[][] tables, Random random, out byte[] codes, int numbers = 16)
    {
        int rowBytes = (int)Learned4.Descriptor.RowBytes(Inputs);
        byte[] blocks = new byte[Rows * rowBytes];
        codes = [.. Enumerable.Range(0, Rows * Inputs).Select(_ => (byte)random.Next(numbers))];
        for (int i = 0; i < codes.Length; i++)
        {
            blocks[(i / Inputs * rowBytes) + (i % Inputs / 2)] |= (byte)(codes[i] << (i % Inputs % 2 * 4));
        }

        byte[] sides = [.. tables.SelectMany(table => table).SelectMany(number => BitConverter.GetBytes((Half)number))];
        return QuantizedMatrix.FromBlocks(Learned4.Descriptor, Rows, Inputs, blocks, sides);
    }

    private static float[] Multiply(QuantizedMatrix matrix, float[] x, KernelTarget target, bool packed)
    {
        if (packed)
        {
            matrix.Pack(target);
        }

        float[] y = new float[Rows];
        matrix.Multiply(x, 1, y, new MultiplyOptions { Mode = ComputeMode.Int8, Target = target, Threads = 1 });
        return y;
    }
}
