using System;

namespace KernelGen.Encoders;

/// <summary>Packs and unpacks the codes of whole rows, also where the last block ends early.</summary>
internal static unsafe class RowCodes
{
    /// <summary>Codes of a row rounded up to whole blocks.</summary>
    /// <param name="format">The format, of codes of single inputs.</param>
    /// <param name="inputs">Row length.</param>
    /// <returns>Their number.</returns>
    public static long Padded(FormatDescriptor format, long inputs) => (inputs + format.BlockInputs - 1) / format.BlockInputs * format.BlockInputs;

    /// <summary>Unpacks a row.</summary>
    /// <param name="format">The format.</param>
    /// <param name="row">The stored row.</param>
    /// <param name="rowBytes">Its bytes.</param>
    /// <param name="codes">As many as <see cref="Padded"/> says.</param>
    public static void Unpack(FormatDescriptor format, byte* row, long rowBytes, byte* codes)
    {
        KernelSet kernels = format.Kernels[0];
        byte* block = stackalloc byte[format.BlockBytes];
        uint* parameters = stackalloc uint[format.ParametersPerBlock];
        for (long at = 0; at < rowBytes; at += format.BlockBytes, codes += format.BlockInputs)
        {
            Buffer.MemoryCopy(row + at, block, format.BlockBytes, Math.Min(format.BlockBytes, rowBytes - at));
            kernels.UnpackBlock(block, codes, parameters);
        }
    }

    /// <summary>Packs a row.</summary>
    /// <param name="format">The format.</param>
    /// <param name="codes">As many as <see cref="Padded"/> says.</param>
    /// <param name="parameters">The parameters of all blocks, one block's after another's; null where blocks have none.</param>
    /// <param name="row">Where it goes.</param>
    /// <param name="rowBytes">Its bytes.</param>
    public static void Pack(FormatDescriptor format, byte* codes, uint* parameters, byte* row, long rowBytes)
    {
        KernelSet kernels = format.Kernels[0];
        byte* block = stackalloc byte[format.BlockBytes];
        for (long at = 0; at < rowBytes; at += format.BlockBytes, codes += format.BlockInputs, parameters += format.ParametersPerBlock)
        {
            kernels.PackBlock(codes, parameters, block);
            Buffer.MemoryCopy(block, row + at, rowBytes - at, Math.Min(format.BlockBytes, rowBytes - at));
        }
    }

    /// <summary>What the codes of a cell decode to where its parameters are these.</summary>
    /// <param name="format">The format, of codes of at most 8 bits, with no parameters beside the block's.</param>
    /// <param name="parameters">The parameters of a block, each entry the same for all inputs; null where it has none.</param>
    /// <returns>The values, in code order.</returns>
    public static float[] Values(FormatDescriptor format, uint* parameters)
    {
        float[] values = new float[1 << format.CodeBits];
        byte[] codes = new byte[format.BlockInputs];
        byte[] block = new byte[format.BlockBytes];
        float[] decoded = new float[format.BlockInputs];
        fixed (byte* q = codes, b = block)
        {
            fixed (float* w = decoded)
            {
                for (int first = 0; first < values.Length; first += codes.Length)
                {
                    for (int i = 0; i < codes.Length; i++)
                    {
                        codes[i] = (byte)Math.Min(first + i, values.Length - 1);
                    }

                    format.Kernels[0].PackBlock(q, parameters, b);
                    format.Kernels[0].DequantizeRow(b, null, null, codes.Length, w);
                    decoded.AsSpan(0, Math.Min(codes.Length, values.Length - first)).CopyTo(values.AsSpan(first));
                }
            }
        }

        return values;
    }
}
