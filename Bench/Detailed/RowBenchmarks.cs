using System;
using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Attributes;
using KernelGen.Bench.Kernels;
using KernelGen.Formats;

namespace KernelGen.Bench.Detailed;

/// <summary>Conversions of one row of 4096 weights.</summary>
public class RowBenchmarks
{
    private const int Size = 4096;

    private float[] _weights = [];
    private float[] _row = [];
    private QuantizedMatrix? _matrix;

    /// <summary>Names of all formats that can be written.</summary>
    public static IEnumerable<string> Formats => FormatCatalogue.All.Where(format => format.HasEncoder).Select(format => format.Name);

    /// <summary>The format.</summary>
    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = "";

    /// <summary>Makes a row.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _weights = SampleWeights.Make(1, Size);
        _row = new float[Size];
        _matrix = StoredSample.Make(FormatCatalogue.All.First(f => f.Name == Format), 1, Size);
    }

    /// <summary>Frees the row.</summary>
    [GlobalCleanup]
    public void Cleanup() => _matrix?.Dispose();

    /// <summary>f32 to blocks.</summary>
    [Benchmark]
    public void Quantize() => _matrix!.QuantizeRow(0, _weights);

    /// <summary>Blocks to f32.</summary>
    [Benchmark]
    public float[] Dequantize()
    {
        _matrix!.DequantizeRow(0, _row);
        return _row;
    }
}
