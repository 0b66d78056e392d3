using System;
using System.Runtime.InteropServices;

namespace KernelGen.Bench.Kernels;

/// <summary>Matrices to measure with: made-up weights, quantized, or, where a format has no encoder, made-up blocks.</summary>
internal static unsafe class StoredSample
{
    /// <summary>A matrix in a format.</summary>
    public static QuantizedMatrix Make(FormatDescriptor format, int outputs, int inputs)
    {
        if (format.HasEncoder)
        {
            return QuantizedMatrix.Quantize(format, SampleWeights.Make(outputs, inputs), outputs, inputs);
        }

        byte[] rowSides = new byte[(long)outputs * format.RowSideBytes], tensorSide = new byte[format.MatrixSideBytes(inputs)];
        for (int row = 0; row < outputs; row++)
        {
            FillSide(format, Extent.Row, rowSides.AsSpan(row * format.RowSideBytes, format.RowSideBytes));
        }

        FillSide(format, Extent.Tensor, tensorSide);
        MemoryMarshal.Cast<byte, float>(tensorSide.AsSpan(format.TensorSideBytes)).Fill(1f / 64);
        return QuantizedMatrix.FromBlocks(format, outputs, inputs, Blocks(format, outputs, inputs), rowSides, tensorSide);
    }

    /// <summary>Blocks of any codes, each parameter a plain number.</summary>
    private static byte[] Blocks(FormatDescriptor format, int outputs, int inputs)
    {
        long row = format.RowBytes(inputs);
        byte[] blocks = new byte[outputs * row];
        new Random(42).NextBytes(blocks);
        byte[] codes = new byte[format.CodesPerBlock * format.CodeBytes];
        uint[] parameters = new uint[Math.Max(1, format.ParametersPerBlock)];
        fixed (byte* first = blocks, code = codes)
        {
            fixed (uint* parameter = parameters)
            {
                for (long at = 0; at + format.BlockBytes <= blocks.LongLength; at += format.BlockBytes)
                {
                    format.Kernels[0].UnpackBlock(first + at, code, parameter);
                    FillParameters(format, parameter);
                    format.Kernels[0].PackBlock(code, parameter, first + at);
                }
            }
        }

        return blocks;
    }

    private static void FillParameters(FormatDescriptor format, uint* stored)
    {
        foreach (FormatParameter parameter in format.Parameters)
        {
            for (int entry = 0; entry < parameter.EntriesPerBlock; entry++)
            {
                *stored++ = Plain(parameter.Type).Bits;
            }
        }
    }

    private static void FillSide(FormatDescriptor format, int extent, Span<byte> side)
    {
        foreach (FormatParameter parameter in format.Parameters)
        {
            if (parameter.Per == extent && parameter.EntriesPerBlock == 0)
            {
                (uint bits, int bytes) = Plain(parameter.Type);
                for (int i = 0; i < bytes * parameter.Count; i++)
                {
                    side[i] = (byte)(bits >> (8 * (i % bytes)));
                }

                side = side[(bytes * parameter.Count)..];
            }
        }
    }

    /// <summary>A small positive number of a type, as stored, and its bytes in a side array.</summary>
    private static (uint Bits, int Bytes) Plain(ScalarType? type) => type switch
    {
        ScalarType.Float32 => (0x3C00_0000, 4),
        ScalarType.Float16 => (0x2000, 2),
        ScalarType.BFloat16 => (0x3C00, 2),
        ScalarType.E8M0 or ScalarType.Exponent8 => (120, 1),
        ScalarType.Int16 => (1, 2),
        _ => (1, 1),
    };
}
