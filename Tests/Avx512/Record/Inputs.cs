using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Avx512;

/// <summary>Weights and activations for a format: normal numbers, quantized by the scalar kernels where the format has an encoder.</summary>
internal static unsafe class Inputs
{
    /// <summary>A row of whole packed blocks, and, where the format allows it, one that ends within a block.</summary>
    public static IEnumerable<RecordedRun> Of(FormatDescriptor format, KernelTarget target)
    {
        KernelSet kernels = format.Kernels.Single(k => k.Target == target);
        int block = kernels.Panel.BlockInputs;
        yield return New(format, kernels, block > 128 ? block : 2 * block);
        if (format.Ragged != RaggedRows.Reject)
        {
            yield return New(format, kernels, (block / 2) + 3);
        }
    }

    private static RecordedRun New(FormatDescriptor format, KernelSet kernels, int inputs)
    {
        Random random = new(21);
        int rows = (2 * kernels.Panel.Rows) + 3;
        int tallest = kernels.Int8Tiles.Select(k => k.Rows).Concat(kernels.Float32Tiles.Select(k => k.Rows)).Max();
        long rowBytes = format.RowBytes(inputs);
        float[] weights = Normal(rows * inputs, random, 0.05f);
        byte[] blocks = new byte[rows * rowBytes];
        byte[] rowSides = new byte[rows * format.RowSideBytes];
        byte[] tensorSide = new byte[format.MatrixSideBytes(inputs)];
        byte[] noise = new byte[rowBytes];
        random.NextBytes(noise);
        KernelSet scalar = format.Kernels.Single(k => k.Target == KernelTarget.Scalar);
        fixed (float* x = weights)
        fixed (byte* b = blocks, s = rowSides, t = tensorSide)
        {
            if (!format.HasEncoder)
            {
                random.NextBytes(blocks);
                random.NextBytes(rowSides);
                random.NextBytes(tensorSide);
            }

            if (scalar.QuantizeTensor != null)
            {
                scalar.QuantizeTensor(x, inputs, rows, inputs, t);
            }

            for (int r = 0; r < rows && format.HasEncoder; r++)
            {
                scalar.QuantizeRow(x + (r * inputs), inputs, b + (r * rowBytes), s + (r * format.RowSideBytes), t);
            }
        }

        return new RecordedRun
        {
            Format = format.FullName,
            Target = kernels.Target,
            Inputs = inputs,
            Rows = rows,
            Blocks = blocks,
            Noise = noise,
            RowSides = rowSides,
            TensorSide = tensorSide,
            Activations = Normal(tallest * inputs, random, 1),
        };
    }

    private static float[] Normal(int count, Random random, float deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
