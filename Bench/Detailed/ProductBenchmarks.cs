using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using KernelGen.Bench.Kernels;
using KernelGen.Formats;

namespace KernelGen.Bench.Detailed;

/// <summary>Products of f32 activations with packed weights, 4096 x 4096.</summary>
public abstract class ProductBenchmarks
{
    private const int Size = 4096;

    private float[] _activations = [];
    private float[] _output = [];
    private WeightRing? _ring;
    private MultiplyOptions _how;

    /// <summary>Names of all formats.</summary>
    public static IEnumerable<string> Formats => FormatCatalogue.All.Select(format => format.Name);

    /// <summary>Thread counts.</summary>
    public static IEnumerable<int> ThreadCounts => new[] { 1, Environment.ProcessorCount }.Distinct();

    /// <summary>The format.</summary>
    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = "";

    /// <summary>Threads.</summary>
    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    /// <summary>The arithmetic.</summary>
    [Params(ComputeMode.Int8, ComputeMode.Float32)]
    public ComputeMode Mode { get; set; }

    /// <summary>Rows of activations M.</summary>
    public abstract int Rows { get; set; }

    /// <summary>Quantizes and packs the weights.</summary>
    [GlobalSetup]
    public void Setup()
    {
        FormatDescriptor format = FormatCatalogue.All.First(f => f.Name == Format);
        _how = new MultiplyOptions { Mode = Mode, Threads = Threads };
        _activations = SampleWeights.Make(Rows, Size);
        _output = new float[Rows * Size];
        _ring = new WeightRing(StoredSample.Make(format, Size, Size), null, Rows <= ProductBench.LargestGemv ? new Effort().RingBytes : 0, packed: true);
    }

    /// <summary>Frees the weights.</summary>
    [GlobalCleanup]
    public void Cleanup() => _ring?.Dispose();

    /// <summary>One product with the weights that were not used for longest.</summary>
    private protected float[] Product()
    {
        _ring!.Next().Multiply(_activations, Rows, _output, _how);
        return _output;
    }
}

/// <summary>GEMV, over weights that come from memory.</summary>
public class GemvBenchmarks : ProductBenchmarks
{
    /// <inheritdoc/>
    [Params(1, 8)]
    public override int Rows { get; set; }

    /// <summary>Y = X W^T.</summary>
    [Benchmark]
    public float[] Gemv() => Product();
}

/// <summary>GEMM.</summary>
public class GemmBenchmarks : ProductBenchmarks
{
    /// <inheritdoc/>
    [Params(512)]
    public override int Rows { get; set; }

    /// <summary>Y = X W^T.</summary>
    [Benchmark]
    public float[] Gemm() => Product();
}
