using System;
using System.Linq;

namespace KernelGen.Encoders;

/// <summary>Cells of one sign bit a weight in whole-row blocks: eight weights to a byte, low bits first or high bits first.</summary>
internal static unsafe class SignCell
{
    /// <summary>Whether a node is such a cell.</summary>
    /// <param name="node">The node.</param>
    /// <param name="roles">The roles of its parameters, all per row and of float types, in declared order.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(WeightNode node, params ReadOnlySpan<string> roles)
    {
        if (node is not CellNode { Format: { CodeBits: 1, ParametersPerBlock: 0, Ragged: RaggedRows.Short } format } || format.Parameters.Count != roles.Length)
        {
            return false;
        }

        for (int i = 0; i < roles.Length; i++)
        {
            if (format.Parameters[i].Role != roles[i] || format.Parameters[i].Per != Extent.Row || format.Parameters[i].Type is not { } type || !IsFloat(type))
            {
                return false;
            }
        }

        // Decoded with scale 1 and minimum 0, one bit is +1 and the other -1; a minimum of 1 adds 1. So no parameter is transformed.
        (float zero, float one) = Values(format, 0, out _);
        return Math.Abs(zero) == 1 && one == -zero && (!roles.Contains("min") || Values(format, 1, out _) == (zero + 1, one + 1));
    }

    /// <summary>Whether a type holds rounded numbers.</summary>
    /// <param name="type">The type.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsFloat(ScalarType type) => type is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>The tensor of sign bits, every weight -1.</summary>
    /// <param name="tensors">Gets it.</param>
    /// <param name="prefix">What the names of the cell's tensors start with.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Row length.</param>
    /// <returns>The bits.</returns>
    public static SignBits Add(TensorSet tensors, string prefix, CellNode cell, long outputs, long inputs)
    {
        long rowBytes = cell.Format.RowBytes(inputs);
        StoredTensor blocks = tensors.Add(new TensorInfo(prefix + "blocks", ScalarType.UInt8, outputs, rowBytes));
        bool oneIsPlus = Values(cell.Format, 0, out bool isHighFirst).One > 0;
        return new SignBits(blocks, rowBytes, oneIsPlus, isHighFirst);
    }

    // Of eight weights the first stands in the lowest or in the highest bit.
    private static (float Zero, float One) Values(FormatDescriptor format, float min, out bool isHighFirst)
    {
        byte[] sides = [.. format.Parameters.SelectMany(parameter => Bytes(parameter.Type!.Value, parameter.Role == "scale" ? 1 : min))];
        using QuantizedMatrix probe = QuantizedMatrix.FromBlocks(format, 1, 8, [1], sides);
        float[] decoded = new float[8];
        probe.DequantizeRow(0, decoded);
        isHighFirst = decoded[0] == decoded[1];
        return isHighFirst ? (decoded[0], decoded[7]) : (decoded[1], decoded[0]);
    }

    private static byte[] Bytes(ScalarType type, float number) => type switch
    {
        ScalarType.Float32 => BitConverter.GetBytes(number),
        ScalarType.Float16 => BitConverter.GetBytes((Half)number),
        _ => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(number) >> 16)),
    };
}

/// <summary>Sign bits of a cell, to be set.</summary>
/// <param name="blocks">The tensor, all zero.</param>
/// <param name="rowBytes">Bytes of a row.</param>
/// <param name="oneIsPlus">Whether a bit of 1 means +1.</param>
/// <param name="isHighFirst">Whether the first weight of a byte has its high bit.</param>
internal readonly unsafe struct SignBits(StoredTensor blocks, long rowBytes, bool oneIsPlus, bool isHighFirst)
{
    /// <summary>Sets one weight; each at most once, a row by one thread at a time.</summary>
    /// <param name="row">The row.</param>
    /// <param name="input">The column of the cell.</param>
    /// <param name="isPlus">Whether it is +1.</param>
    public void Set(long row, long input, bool isPlus)
    {
        if (isPlus == oneIsPlus)
        {
            blocks.Pointer[(row * rowBytes) + (input / 8)] |= (byte)(isHighFirst ? 0x80 >> (int)(input % 8) : 1 << (int)(input % 8));
        }
    }
}
