using System;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>Three levels of scales, for which there is no encoder: w = ((tensor * block) * sub) * (q - 8).</summary>
[Block(64)]
[Scale(ScalarType.Float32, Per = Extent.Tensor, Name = "tensor"), Scale(ScalarType.Float16, Name = "block"), Scale(ScalarType.UInt4, Per = 16, Name = "sub")]
[Codes(4, Offset = -8)]
internal readonly partial record struct ThreeLevels;

/// <summary>Stored weights of a format without an encoder.</summary>
public sealed class MissingEncoderTests
{
    private const int Outputs = 11;
    private const int Inputs = 192;
    private const float Tensor = 0.37f;

    [Fact]
    public void Quantizing_throws_the_typed_exception()
    {
        Assert.False(ThreeLevels.Descriptor.HasEncoder);
        Assert.Throws<EncoderMissingException>(() => QuantizedMatrix<ThreeLevels>.Quantize(new float[64], 1, 64));
        using QuantizedMatrix matrix = Stored(out _);
        Assert.Throws<EncoderMissingException>(() => matrix.QuantizeRow(0, new float[Inputs]));
    }

    [Fact]
    public void Stored_weights_are_dequantized_and_multiplied()
    {
        using QuantizedMatrix matrix = Stored(out float[] expected);
        float[] row = new float[Inputs];
        float[] x = new float[3 * Inputs];
        Random random = new(5);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.NextSingle() - 0.5f;
        }

        foreach (KernelTarget target in TargetSelection.Supported)
        {
            for (int r = 0; r < Outputs; r++)
            {
                matrix.DequantizeRow(r, row, target);
                Assert.Equal(expected.AsSpan(r * Inputs, Inputs).ToArray(), row);
            }

            foreach (bool packed in (bool[])[false, true])
            {
                matrix.Unpack();
                if (packed)
                {
                    matrix.Pack(target);
                }

                Compare(matrix, expected, x, new MultiplyOptions { Target = target, Mode = ComputeMode.Float32 }, 1e-5);
                Compare(matrix, expected, x, new MultiplyOptions { Target = target, Mode = ComputeMode.Int8 }, 2e-2);
            }
        }
    }

    private static void Compare(QuantizedMatrix matrix, float[] weights, float[] x, MultiplyOptions options, double tolerance)
    {
        float[] y = new float[3 * Outputs];
        matrix.Multiply(x, 3, y, options);
        for (int m = 0; m < 3; m++)
        {
            for (int n = 0; n < Outputs; n++)
            {
                double sum = 0;
                double magnitude = 0;
                for (int k = 0; k < Inputs; k++)
                {
                    double product = (double)weights[(n * Inputs) + k] * x[(m * Inputs) + k];
                    sum += product;
                    magnitude += Math.Abs(product);
                }

                Assert.InRange(y[(m * Outputs) + n], sum - (tolerance * magnitude), sum + (tolerance * magnitude));
            }
        }
    }

    /// <summary>Blocks written by hand: f16 scale, four 4-bit sub-scales, 64 codes.</summary>
    private static QuantizedMatrix Stored(out float[] expected)
    {
        const int BlockBytes = 2 + 2 + 32;
        byte[] blocks = new byte[Outputs * Inputs / 64 * BlockBytes];
        Random random = new(3);
        random.NextBytes(blocks);
        expected = new float[Outputs * Inputs];
        for (int b = 0; b < blocks.Length / BlockBytes; b++)
        {
            Span<byte> block = blocks.AsSpan(b * BlockBytes, BlockBytes);
            Half scale = (Half)(0.01f * (1 + random.NextSingle()));
            BitConverter.TryWriteBytes(block, scale);
            for (int e = 0; e < 64; e++)
            {
                int sub = (block[2 + (e / 32)] >> (e / 16 % 2 * 4)) & 15;
                int q = (block[4 + (e / 2)] >> (e % 2 * 4)) & 15;
                expected[(b * 64) + e] = ((Tensor * (float)scale) * sub) * (q - 8);
            }
        }

        return QuantizedMatrix<ThreeLevels>.FromBlocks(Outputs, Inputs, blocks, default, BitConverter.GetBytes(Tensor));
    }
}
