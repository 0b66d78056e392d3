using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Conformance.Examples;

/// <summary>A stored matrix of a twin declaration with its fields read back for comparison. It moves bits and decodes nothing.</summary>
internal sealed class Twin
{
    private readonly GeneratedFormat _format;
    private readonly StoredMatrix _matrix;
    private readonly List<(byte[] Codes, uint[] Parameters)> _blocks = [];

    private Twin(GeneratedFormat format, StoredMatrix matrix)
    {
        _format = format;
        _matrix = matrix;
        int rowBytes = matrix.Blocks.Length / matrix.Rows;
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int at = 0; at < rowBytes; at += Descriptor.BlockBytes)
            {
                int end = Math.Min(rowBytes, at + Descriptor.BlockBytes);
                _blocks.Add(format.Unpack(matrix.Blocks.AsSpan()[((row * rowBytes) + at)..((row * rowBytes) + end)]));
            }
        }
    }

    /// <summary>The stored bits of every code, row after row, without those that pad the rows.</summary>
    public IEnumerable<long> Codes
    {
        get
        {
            int blocksPerRow = _blocks.Count / _matrix.Rows;
            for (int row = 0; row < _matrix.Rows; row++)
            {
                for (int k = 0; k < _matrix.Inputs; k++)
                {
                    yield return _blocks[(row * blocksPerRow) + (k / Descriptor.BlockInputs)].Codes[k % Descriptor.BlockInputs];
                }
            }
        }
    }

    /// <summary>All stored codes of the blocks, those that pad the rows included: of inputs, or words of digits.</summary>
    public IEnumerable<long> Words => _blocks.SelectMany(block => block.Codes).Select(word => (long)word);

    /// <summary>The stored bytes of the blocks.</summary>
    public IEnumerable<long> Bytes => _matrix.Blocks.Select(b => (long)b);

    /// <summary>The decoded weights.</summary>
    public float[] Decoded => _format.Dequantize(_matrix);

    /// <summary>Values in which the targets disagreed.</summary>
    public int Disagreements => _format.Disagreements;

    private FormatDescriptor Descriptor => _format.Descriptor;

    /// <summary>Quantizes a matrix with the generated encoder.</summary>
    public static Twin Encode<TFormat>(IEnumerable<double> x, int rows)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        float[] values = [.. x.Select(v => (float)v)];
        GeneratedFormat format = GeneratedFormat.Of<TFormat>();
        return new(format, format.Quantize(values, rows, values.Length / rows));
    }

    /// <summary>
    /// Packs given codes and parameter bits with the generated packer; <paramref name="parameters"/> are those of one block,
    /// the same for all blocks, or those of all blocks one after another.
    /// </summary>
    public static Twin Pack<TFormat>(
        IEnumerable<long> codes, int rows, uint[]? parameters = null, byte[]? rowSides = null, byte[]? tensorSide = null)
        where TFormat : struct, IQuantFormat<TFormat>
    {
        GeneratedFormat format = GeneratedFormat.Of<TFormat>();
        byte[] all = [.. codes.Select(c => (byte)c)];
        int inputs = all.Length / rows;
        int entries = format.Descriptor.ParametersPerBlock;
        uint[] given = parameters ?? new uint[entries];
        List<byte> blocks = [];
        int block = 0;
        for (int row = 0; row < rows; row++)
        {
            int rowEnd = blocks.Count + (int)format.Descriptor.RowBytes(inputs);
            for (int k = 0; k < inputs; k += format.Descriptor.BlockInputs, block++)
            {
                int count = Math.Min(format.Descriptor.BlockInputs, inputs - k);
                ReadOnlySpan<uint> own = given.Length == entries ? given : given.AsSpan(block * entries, entries);
                blocks.AddRange(format.Pack(all.AsSpan((row * inputs) + k, count), own));
            }

            blocks.RemoveRange(rowEnd, blocks.Count - rowEnd);
        }

        return new(format, new(rows, inputs, [.. blocks], rowSides ?? [], tensorSide ?? []));
    }

    /// <summary>Dot products of the rows with f32 activations.</summary>
    public float[] Multiply(float[] x) => _format.Multiply(_matrix, x);

    /// <summary>The stored bits of a parameter: of every block that holds inputs, of every row, or of the matrix.</summary>
    /// <param name="role">A role, "scale", "min" or "zero", for the first of its parameters, or a name.</param>
    public IEnumerable<long> Bits(string role)
    {
        FormatParameter parameter = Descriptor.Parameters.First(p => p.Role == role || p.Name == role);
        if (parameter.EntriesPerBlock == 0)
        {
            byte[] side = parameter.Per == Extent.Row ? _matrix.RowSides : _matrix.TensorSide;
            int stride = parameter.Per == Extent.Row ? Descriptor.RowSideBytes : Descriptor.TensorSideBytes;
            int before = Before(parameter, p => p.Per == parameter.Per, p => SideBytes(p.Type!.Value));
            return Enumerable.Range(0, stride == 0 ? 0 : side.Length / stride)
                .Select(i => (long)LittleEndian(side.AsSpan((i * stride) + before, SideBytes(parameter.Type!.Value))));
        }

        int first = Before(parameter, _ => true, p => p.EntriesPerBlock);
        int blocksPerRow = _blocks.Count / _matrix.Rows;
        int group = Descriptor.BlockInputs / parameter.EntriesPerBlock;
        return _blocks.SelectMany((block, b) =>
        {
            int inputs = Math.Min(_matrix.Inputs - (b % blocksPerRow * Descriptor.BlockInputs), Descriptor.BlockInputs);
            return block.Parameters.Skip(first).Take((inputs + group - 1) / group);
        }).Select(bits => (long)bits);
    }

    /// <summary>A parameter stored as f32 or f16, read as the number it is.</summary>
    /// <param name="role">A role, "scale", "min" or "zero", for the first of its parameters, or a name.</param>
    public IEnumerable<float> Floats(string role) =>
        Descriptor.Parameters.First(p => p.Role == role || p.Name == role).Type == ScalarType.Float16
            ? Bits(role).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)bits))
            : Bits(role).Select(bits => BitConverter.UInt32BitsToSingle((uint)bits));

    private int Before(FormatParameter parameter, Func<FormatParameter, bool> counts, Func<FormatParameter, int> size) =>
        Descriptor.Parameters.TakeWhile(p => p != parameter).Where(counts).Sum(size);

    private static int SideBytes(ScalarType type) => type switch
    {
        ScalarType.Float32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        _ => 1,
    };

    private static uint LittleEndian(ReadOnlySpan<byte> bytes)
    {
        uint value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            value |= (uint)bytes[i] << (8 * i);
        }

        return value;
    }
}
