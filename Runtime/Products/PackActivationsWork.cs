namespace KernelGen;

/// <summary>Packs blocks of activation rows; an item is a block. Row r of the part starts at r times the bytes of a row.</summary>
internal unsafe struct PackActivationsWork : IRangeWork
{
    /// <summary>The int8 layout, or null to pack f32.</summary>
    public ActivationLayout? Layout;

    /// <summary>First activation row.</summary>
    public float* Activations;

    /// <summary>Floats from one row to the next.</summary>
    public long Stride;

    /// <summary>Row length K.</summary>
    public long Inputs;

    /// <summary>The same rows where they are quantized already; else empty.</summary>
    public EncodedActivations Encoded;

    /// <summary>How the rows are cut.</summary>
    public RowBlocks Blocks;

    /// <summary>Bytes of a packed row.</summary>
    public long RowBytes;

    /// <summary>Where the packed rows go.</summary>
    public byte* Packed;

    /// <inheritdoc/>
    public readonly void Run(long first, long end, int participant)
    {
        for (long i = first; i < end; i++)
        {
            int height = Blocks.Get(i, out long row);
            float* x = Activations + (row * Stride);
            byte* packed = Packed + (row * RowBytes);
            if (Layout is null)
            {
                ActivationPacker.PackFloat32(x, Stride, height, height, Inputs, (float*)packed);
            }
            else if (!Encoded.IsEmpty)
            {
                ActivationPacker.PackEncoded(Layout, Encoded.From(row), height, Inputs, packed);
            }
            else
            {
                ActivationPacker.PackInt8(Layout, x, Stride, height, height, Inputs, packed);
            }
        }
    }
}
