using System.Collections.Generic;
using KernelGen.Bench.Peers;

namespace KernelGen.Bench.Kernels;

/// <summary>What to measure.</summary>
internal sealed record KernelBenchOptions
{
    /// <summary>The formats.</summary>
    public required IReadOnlyList<FormatDescriptor> Formats { get; init; }

    /// <summary>gemv, gemm, quantize, dequantize.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>Compute modes of products.</summary>
    public required IReadOnlyList<ComputeMode> Modes { get; init; }

    /// <summary>The declared format of the activations, or null for the default.</summary>
    public FormatDescriptor? Activations { get; init; }

    /// <summary>Rows of activations M; gemv takes those up to 8, gemm the larger ones.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Outputs N.</summary>
    public required int Outputs { get; init; }

    /// <summary>Inputs K.</summary>
    public required int Inputs { get; init; }

    /// <summary>Thread counts.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>The kernels, or null for the machine's best.</summary>
    public KernelTarget? Target { get; init; }

    /// <summary>Whether weights are packed for the kernels, or multiplied row by row as they are stored.</summary>
    public bool Packs { get; init; } = true;

    /// <summary>The library to compare with, or null for none.</summary>
    public GgmlLibrary? Peer { get; init; }

    /// <summary>Pairs of kernel and limit.</summary>
    public int Rounds { get; init; } = 11;

    /// <summary>The work behind a figure.</summary>
    public Effort Effort { get; init; } = new();
}
