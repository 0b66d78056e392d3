namespace KernelGen.Encoders;

/// <summary>
/// How much the squared error of a weight x counts, beside the importance of its input. ggml's encoders use all of these; see
/// <c>ggml-quants.c</c>, the functions <c>quantize_row_*_ref</c> and <c>quantize_row_*_impl</c>.
/// </summary>
public enum ErrorWeighting
{
    /// <summary>
    /// With importance <see cref="Smoothed"/>; else <see cref="Raised"/> for formats with a minimum or a codebook of vectors, <see cref="Square"/> for the others.
    /// </summary>
    Default,

    /// <summary>1: the plain squared error.</summary>
    Uniform,

    /// <summary>|x|.</summary>
    Magnitude,

    /// <summary>x².</summary>
    Square,

    /// <summary>|x| + the root mean square of the weights that share a scale.</summary>
    Raised,

    /// <summary>√(x² + 2 · the mean square of the block).</summary>
    Smoothed,
}
