using System;
using System.Linq;

namespace KernelGen.NeonCases;

/// <summary>The cases of the f32 micro-kernels: they know no format.</summary>
internal static unsafe class Float32TileCases
{
    private const int Inputs = 37;
    private const int TileRows = 8;
    private const int Stride = 11;

    public static void Write(CaseFile file, FormatDescriptor any, string name)
    {
        Random random = new(2);
        float[] Uniform(int count) => Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1).ToArray();
        KernelSet portable = any.Kernels.Single(s => s.Target == KernelTarget.Vector128);
        KernelSet scalar = any.Kernels.Single(s => s.Target == KernelTarget.Scalar);
        if (portable.Float32TileRows != TileRows || scalar.Float32TileRows != TileRows)
        {
            throw new InvalidOperationException("The f32 tiles differ in height.");
        }

        float[] tile = Uniform(Inputs * TileRows);
        foreach (int rows in (int[])[8, 4, 2, 1])
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                float[] activations = Uniform(Inputs * rows);
                float[] before = Uniform(((rows - 1) * Stride) + TileRows);
                Case call = new Case($"{name}__Rows{rows}", accumulate ? "accumulate" : "").Buffer<float>(tile).Value(Inputs)
                    .Buffer<float>(activations).Buffer<float>(before).Value(Stride).Value(accumulate ? 1 : 0);
                call.Expect<float>(3, Multiplied(scalar, tile, activations, before, rows, accumulate), Rule.Within, (Inputs + 8) * (Inputs + 1) / 16777216f);
                if (FormatCases.IsFused)
                {
                    call.Expect<float>(3, Multiplied(portable, tile, activations, before, rows, accumulate), Rule.Singles);
                }

                file.Add(call);
            }
        }
    }

    /// <summary>Row by row through the kernel of one row: a row's float steps do not depend on its neighbours.</summary>
    private static float[] Multiplied(KernelSet kernels, float[] tile, float[] activations, float[] before, int rows, bool accumulate)
    {
        float[] y = [.. before];
        for (int m = 0; m < rows; m++)
        {
            float[] row = Enumerable.Range(0, Inputs).Select(i => activations[(i * rows) + m]).ToArray();
            fixed (float* t = tile, a = row, output = y)
            {
                kernels.Float32Tiles.Single(k => k.Rows == 1).Kernel(t, Inputs, a, output + (m * Stride), Stride, accumulate);
            }
        }

        return y;
    }
}
