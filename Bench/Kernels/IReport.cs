namespace KernelGen.Bench.Kernels;

/// <summary>Where figures go.</summary>
internal interface IReport
{
    /// <summary>A limit of the machine.</summary>
    void Limit(string name, int threads, double value, string unit);

    /// <summary>A kernel held against its limit.</summary>
    void Kernel(KernelFigure figure);

    /// <summary>Another implementation beside a kernel.</summary>
    void Peer(PeerFigure figure);

    /// <summary>Something a reader should know that is no figure.</summary>
    void Note(string text);
}

/// <summary>One measured kernel.</summary>
/// <param name="Format">The format.</param>
/// <param name="Op">gemv, gemm, quantize or dequantize.</param>
/// <param name="Mode">The compute mode, or null where there is none.</param>
/// <param name="M">Rows of activations, or rows quantized or dequantized at a time.</param>
/// <param name="N">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Target">The kernels that ran.</param>
/// <param name="Best">Best rate.</param>
/// <param name="Median">Median rate.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Limit">The limit's name.</param>
/// <param name="Percent">Median of the paired ratios to the limit, in percent.</param>
internal sealed record KernelFigure(
    string Format,
    string Op,
    ComputeMode? Mode,
    int M,
    int N,
    int K,
    int Threads,
    KernelTarget Target,
    double Best,
    double Median,
    string Unit,
    string Limit,
    double Percent);

/// <summary>One measured peer.</summary>
/// <param name="Peer">Its name, with the kind of buffer the weights are in.</param>
/// <param name="Format">The format.</param>
/// <param name="Op">gemv, gemm, quantize or dequantize.</param>
/// <param name="M">As in <see cref="KernelFigure"/>.</param>
/// <param name="N">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="Threads">Threads, the same for both.</param>
/// <param name="Best">The peer's best rate.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Ratio">Median of the paired ratios, ours over the peer's; ours is the faster of the modes that were measured.</param>
internal sealed record PeerFigure(string Peer, string Format, string Op, int M, int N, int K, int Threads, double Best, string Unit, double Ratio);
