using System.Collections.Generic;

namespace KernelGen.Bench.Kernels;

/// <summary>What to measure.</summary>
/// <param name="Formats">The formats.</param>
/// <param name="Operations">gemv, gemm, quantize, dequantize.</param>
/// <param name="Modes">Compute modes of products.</param>
/// <param name="Rows">Rows of activations M; gemv takes those up to 8, gemm the larger ones.</param>
/// <param name="Outputs">N.</param>
/// <param name="Inputs">K.</param>
/// <param name="Threads">Thread counts.</param>
/// <param name="Target">The kernels, or null for the machine's best.</param>
/// <param name="Rounds">Pairs of kernel and limit.</param>
internal sealed record KernelBenchOptions(
    IReadOnlyList<FormatDescriptor> Formats,
    IReadOnlyList<string> Operations,
    IReadOnlyList<ComputeMode> Modes,
    IReadOnlyList<int> Rows,
    int Outputs,
    int Inputs,
    IReadOnlyList<int> Threads,
    KernelTarget? Target,
    int Rounds);
