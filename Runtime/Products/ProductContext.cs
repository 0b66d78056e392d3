namespace KernelGen;

/// <summary>What all parts of one product share: the weights, the activations, the output and the rectangle, all checked.</summary>
internal unsafe struct ProductContext
{
    /// <summary>The format.</summary>
    public FormatDescriptor Format;

    /// <summary>The kernels that run.</summary>
    public KernelSet Kernels;

    /// <summary>The pool whose threads take part.</summary>
    public WorkerPool Pool;

    /// <summary>Most threads to use, at least 1.</summary>
    public int Threads;

    /// <summary>Stored rows, one after another.</summary>
    public byte* Blocks;

    /// <summary>Bytes of a stored row.</summary>
    public long RowBytes;

    /// <summary>Side parameters by row.</summary>
    public byte* RowSides;

    /// <summary>Side parameters of the matrix.</summary>
    public byte* TensorSide;

    /// <summary>Packed panels in the layout of <see cref="Kernels"/>, or null.</summary>
    public byte* Panels;

    /// <summary>Rows O of the weights.</summary>
    public long Outputs;

    /// <summary>Row length K.</summary>
    public long Inputs;

    /// <summary>X(0, 0).</summary>
    public float* Activations;

    /// <summary>Floats from one row of X to the next.</summary>
    public long ActivationStride;

    /// <summary>The rows of the part where they are quantized already; else empty.</summary>
    public EncodedActivations Encoded;

    /// <summary>All rows M of the product, which decide how it is computed; the rectangle's may be fewer.</summary>
    public long Rows;

    /// <summary>Y(0, 0).</summary>
    public float* Output;

    /// <summary>Floats from one row of Y to the next.</summary>
    public long OutputStride;

    /// <summary>What is computed; not empty.</summary>
    public OutputRectangle Part;

    /// <summary>Activation rows computed.</summary>
    public readonly long PartRows => Part.EndRow - Part.FirstRow;

    /// <summary>The first activation row computed.</summary>
    public readonly float* PartActivations => Activations + (Part.FirstRow * ActivationStride);

    /// <summary>The packed panel, or the stored rows packed into scratch where the matrix is not packed.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="panelBytes">Bytes of a panel.</param>
    /// <param name="scratch">Room for a panel.</param>
    /// <returns>The panel's first byte.</returns>
    public readonly byte* Panel(long panel, long panelBytes, byte* scratch)
    {
        if (Panels != null)
        {
            return Panels + (panel * panelBytes);
        }

        PackPanel(panel, scratch);
        return scratch;
    }

    /// <summary>Packs the stored rows of a panel.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="destination">Where it goes.</param>
    public readonly void PackPanel(long panel, byte* destination)
    {
        long first = panel * Kernels.Panel.Rows;
        int count = (int)long.Min(Kernels.Panel.Rows, Outputs - first);
        Kernels.PackPanel(Blocks + (first * RowBytes), RowBytes, count, RowSides + (first * Format.RowSideBytes), TensorSide, Inputs, destination);
    }
}
