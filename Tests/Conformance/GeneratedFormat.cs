using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Conformance;

/// <summary>
/// The generated kernels of a format, called through arrays. Every call runs the kernels of all targets that this machine
/// supports and counts results in which they differ.
/// </summary>
internal sealed unsafe class GeneratedFormat(FormatDescriptor descriptor)
{
    private readonly IReadOnlyList<KernelSet> _kernels =
        [.. descriptor.Kernels.Where(k => TargetSelection.IsSupported(k.Target))];

    public FormatDescriptor Descriptor => descriptor;

    /// <summary>Results in which the targets disagreed, so far.</summary>
    public int Disagreements { get; private set; }

    public static GeneratedFormat Of<TFormat>()
        where TFormat : struct, IQuantFormat<TFormat> => new(TFormat.Descriptor);

    public StoredMatrix Quantize(ReadOnlySpan<float> x, int rows, int inputs)
    {
        StoredMatrix? first = null;
        foreach (KernelSet kernels in _kernels)
        {
            StoredMatrix stored = Quantize(kernels, x, rows, inputs);
            first ??= stored;
            Compare(first.Blocks, stored.Blocks);
            Compare(first.RowSides, stored.RowSides);
            Compare(first.TensorSide, stored.TensorSide);
        }

        return first!;
    }

    public float[] Dequantize(StoredMatrix matrix)
    {
        float[]? first = null;
        foreach (KernelSet kernels in _kernels)
        {
            float[] y = Dequantize(kernels, matrix);
            first ??= y;
            Compare<int>(
                System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(first),
                System.Runtime.InteropServices.MemoryMarshal.Cast<float, int>(y));
        }

        return first!;
    }

    /// <summary>The codes and in-block parameters of one block.</summary>
    public (byte[] Codes, uint[] Parameters) Unpack(ReadOnlySpan<byte> block)
    {
        (byte[] Codes, uint[] Parameters)? first = null;
        byte[] padded = new byte[descriptor.BlockBytes];
        block.CopyTo(padded);
        foreach (KernelSet kernels in _kernels)
        {
            byte[] codes = new byte[descriptor.CodesPerBlock * descriptor.CodeBytes];
            uint[] parameters = new uint[descriptor.ParametersPerBlock];
            fixed (byte* source = padded, q = codes)
            {
                fixed (uint* p = parameters)
                {
                    kernels.UnpackBlock(source, q, p);
                }
            }

            first ??= (codes, parameters);
            Compare(first.Value.Codes, codes);
            Compare<uint>(first.Value.Parameters, parameters);
        }

        return first!.Value;
    }

    /// <summary>Packs one block.</summary>
    public byte[] Pack(ReadOnlySpan<byte> codes, ReadOnlySpan<uint> parameters)
    {
        byte[]? first = null;
        byte[] padded = new byte[descriptor.CodesPerBlock * descriptor.CodeBytes];
        codes.CopyTo(padded);
        foreach (KernelSet kernels in _kernels)
        {
            byte[] block = new byte[descriptor.BlockBytes];
            fixed (byte* target = block, q = padded)
            {
                fixed (uint* p = parameters)
                {
                    kernels.PackBlock(q, p, target);
                }
            }

            first ??= block;
            Compare(first, block);
        }

        return first!;
    }

    /// <summary>Dot products of every row with f32 activations.</summary>
    public float[] Multiply(StoredMatrix matrix, float[] x)
    {
        float[] y = new float[matrix.Rows];
        long rowBytes = descriptor.RowBytes(matrix.Inputs);
        KernelSet kernels = _kernels[^1];
        fixed (byte* blocks = matrix.Blocks, sides = matrix.RowSides, tensor = matrix.TensorSide)
        {
            fixed (float* a = x)
            {
                for (int row = 0; row < y.Length; row++)
                {
                    y[row] = kernels.DotFloat32(
                        blocks + (row * rowBytes), sides + (row * descriptor.RowSideBytes), tensor, matrix.Inputs, a);
                }
            }
        }

        return y;
    }

    private StoredMatrix Quantize(KernelSet kernels, ReadOnlySpan<float> x, int rows, int inputs)
    {
        long rowBytes = descriptor.RowBytes(inputs);
        StoredMatrix stored = new(
            rows,
            inputs,
            new byte[rows * rowBytes],
            new byte[rows * descriptor.RowSideBytes],
            new byte[descriptor.MatrixSideBytes(inputs)]);
        fixed (byte* blocks = stored.Blocks, sides = stored.RowSides, tensor = stored.TensorSide)
        {
            fixed (float* source = x)
            {
                if (kernels.QuantizeTensor != null)
                {
                    kernels.QuantizeTensor(source, inputs, rows, inputs, tensor);
                }

                for (int row = 0; row < rows; row++)
                {
                    kernels.QuantizeRow(
                        source + ((long)row * inputs),
                        inputs,
                        blocks + (row * rowBytes),
                        sides + (row * descriptor.RowSideBytes),
                        tensor);
                }
            }
        }

        return stored;
    }

    private float[] Dequantize(KernelSet kernels, StoredMatrix matrix)
    {
        float[] y = new float[matrix.Rows * matrix.Inputs];
        long rowBytes = descriptor.RowBytes(matrix.Inputs);
        fixed (byte* blocks = matrix.Blocks, sides = matrix.RowSides, tensor = matrix.TensorSide)
        {
            fixed (float* target = y)
            {
                for (int row = 0; row < matrix.Rows; row++)
                {
                    kernels.DequantizeRow(
                        blocks + (row * rowBytes),
                        sides + (row * descriptor.RowSideBytes),
                        tensor,
                        matrix.Inputs,
                        target + ((long)row * matrix.Inputs));
                }
            }
        }

        return y;
    }

    private void Compare<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> other)
        where T : IEquatable<T>
    {
        for (int i = 0; i < first.Length; i++)
        {
            Disagreements += first[i].Equals(other[i]) ? 0 : 1;
        }
    }

    private void Compare(byte[] first, byte[] other) => Compare<byte>(first, other);
}
