using System;

namespace KernelGen.Encoders;

/// <summary>A cell of bits 0 and 1 in blocks with a float scale each, to be written.</summary>
/// <param name="format">The cell.</param>
/// <param name="tensors">Gets its tensor.</param>
/// <param name="prefix">What the tensor's name starts with.</param>
/// <param name="outputs">Rows.</param>
/// <param name="inputs">Row length.</param>
internal readonly unsafe struct BitPlane(FormatDescriptor format, TensorSet tensors, string prefix, long outputs, long inputs)
{
    private readonly StoredTensor _blocks = tensors.Add(new TensorInfo(prefix + "blocks", ScalarType.UInt8, outputs, format.RowBytes(inputs)));

    /// <summary>Inputs of a block.</summary>
    public int Inputs => format.BlockInputs;

    private ScalarType Type => format.Parameters[0].Type!.Value;

    /// <summary>Whether a format is such a cell.</summary>
    /// <param name="format">The format.</param>
    /// <returns>Whether it is.</returns>
    public static bool Is(FormatDescriptor format)
    {
        if (format is not { CodeBits: 1, ParametersPerBlock: 1, Ragged: RaggedRows.Pad, Parameters: [{ Role: "scale", Type: { } type }] } || !SignCell.IsFloat(type))
        {
            return false;
        }

        // Decoded with the scale 1, the codes are their values: neither is transformed.
        KernelSet kernels = format.Kernels[0];
        byte[] codes = new byte[format.BlockInputs];
        codes[1] = 1;
        byte[] block = new byte[format.BlockBytes];
        float[] decoded = new float[codes.Length];
        uint one = FloatBits.Encode(type, 1);
        fixed (byte* q = codes, b = block)
        {
            fixed (float* w = decoded)
            {
                kernels.PackBlock(q, &one, b);
                kernels.DequantizeRow(b, null, null, codes.Length, w);
            }
        }

        return decoded[0] == 0 && decoded[1] == 1;
    }

    /// <summary>A scale as it will be decoded.</summary>
    /// <param name="scale">The scale.</param>
    /// <returns>The stored number.</returns>
    public float Rounded(float scale) => FloatBits.Decode(Type, FloatBits.Encode(Type, scale));

    /// <summary>Writes a block.</summary>
    /// <param name="row">The row.</param>
    /// <param name="block">The block.</param>
    /// <param name="scale">Its scale.</param>
    /// <param name="codes">Its codes.</param>
    public void Write(long row, long block, float scale, byte[] codes)
    {
        uint bits = FloatBits.Encode(Type, scale);
        fixed (byte* q = codes)
        {
            format.Kernels[0].PackBlock(q, &bits, _blocks.Pointer + (row * _blocks.Info.Shape[1]) + (block * format.BlockBytes));
        }
    }
}
