using KernelGen.Generator.Emission;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Where a product kernel takes its weights from: a packed panel, decoded on the fly (GEMV), or a decoded tile (GEMM). The
/// kernel around it, and with it every float step, is the same.
/// </summary>
internal abstract class WeightSource
{
    /// <summary>Declares what stays valid for the whole kernel: lookup tables.</summary>
    public abstract void BeginKernel(CodeWriter code);

    /// <summary>Declares what stays valid for a vector of rows: parameters of the header, pointers to the first block.</summary>
    public abstract void BeginRows(CodeWriter code, string row);

    /// <summary>Declares what stays valid for a block, and <c>w</c>, the pointer to its codes.</summary>
    /// <param name="code">The kernel.</param>
    /// <param name="row">The first row.</param>
    /// <param name="advances">Whether the codes are walked with <see cref="Advance"/>.</param>
    public abstract void BeginBlock(CodeWriter code, string row, bool advances);

    /// <summary>Moves on to the next block.</summary>
    public abstract void EndBlock(CodeWriter code);

    /// <summary>Declares the byte planes of quad <paramref name="quad"/>, counted from <c>w</c>, and returns their names.</summary>
    public abstract string[] Quad(CodeWriter code, int quad, string row);

    /// <summary>
    /// The largest weight where <see cref="Quad"/> gives magnitudes of what weights mean, offsets included, which activations with the signs of <see cref="Signs"/> are multiplied with; null where it gives the weights.
    /// </summary>
    public virtual int? LargestMagnitude => null;

    /// <summary>The local with the signs of the quad that was declared last.</summary>
    public string Signs { get; protected set; } = string.Empty;

    /// <summary>Quads that are multiplied in place, in two chains of partial sums; 0 where every quad's weights are themselves.</summary>
    public virtual int Stretch => 0;

    /// <summary>Bytes that <paramref name="quads"/> quads take at <c>w</c>.</summary>
    public abstract int CodeBytes(int quads);

    /// <summary>Moves <c>w</c> past quads.</summary>
    public virtual void Advance(CodeWriter code, int quads) => code.Line($"w += {CodeBytes(quads)};");

    /// <summary>Declares and returns scale, zero point and minimum of a segment (empty names for what the shape lacks).</summary>
    public abstract (string Scale, string Zero, string Min) Segment(CodeWriter code, string segment, string row);

    /// <summary>Declares and returns the integer scales of a pair of segments.</summary>
    public abstract string ScalePairs(CodeWriter code, string pair, string row);

    /// <summary>Declares and returns the integer minima of a pair of segments.</summary>
    public abstract string MinPairs(CodeWriter code, string pair, string row);

    /// <summary>The names of the outer scale and minimum of the current block.</summary>
    public abstract (string Scale, string Min) Outer { get; }
}
