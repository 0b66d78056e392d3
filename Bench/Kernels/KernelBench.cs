using System;
using System.Diagnostics;
using System.Linq;
using KernelGen.Bench.Limits;

namespace KernelGen.Bench.Kernels;

/// <summary>
/// Measures the kernels. What is timed is f32 activations in, f32 outputs out: quantizing and packing the activations included.
/// GEMV rotates over at least <see cref="WeightRing.LeastBytes"/> of distinct weights, so that they come from memory, and is
/// counted in declared bytes (bits per weight of the interchange format).
/// </summary>
internal sealed class KernelBench(KernelBenchOptions options, IReport report)
{
    private const int LargestGemv = 8;

    private static readonly TimeSpan ShortestSample = TimeSpan.FromMilliseconds(40);

    public void Run()
    {
        using Limits.NativeBuffer memory = MachineLimits.AllocateMemory();
        foreach (int threads in options.Threads)
        {
            using MachineLimits limits = new(threads, memory);
            foreach (MachineLimit limit in limits.All)
            {
                report.Limit(limit.Name, threads, Enumerable.Range(0, 3).Max(_ => limit.MeasureOnce()), limit.Unit);
            }

            foreach (FormatDescriptor format in options.Formats)
            {
                Products(format, threads, limits);
                if (options.Operations.Contains("quantize"))
                {
                    Quantize(format, threads, limits);
                }

                if (options.Operations.Contains("dequantize"))
                {
                    Dequantize(format, threads, limits);
                }
            }
        }
    }

    private void Products(FormatDescriptor format, int threads, MachineLimits limits)
    {
        int[] gemv = options.Operations.Contains("gemv") ? [.. options.Rows.Where(m => m <= LargestGemv)] : [];
        int[] gemm = options.Operations.Contains("gemm") ? [.. options.Rows.Where(m => m > LargestGemv)] : [];
        if (gemv.Length + gemm.Length == 0)
        {
            return;
        }

        using WeightRing ring = new(format, options.Outputs, options.Inputs, options.Target, rotate: gemv.Length > 0);
        foreach (ComputeMode mode in options.Modes)
        {
            MultiplyOptions how = new() { Mode = mode, Threads = threads, Target = options.Target };
            foreach (int m in gemv)
            {
                ProductBuffers buffers = new(m, options.Inputs, options.Outputs);
                PairedRatio pairs = PairedRatio.Measure(limits.Dram, () => Rate(ring.DeclaredBytes, () => ring.Next().Multiply(buffers.Activations, m, buffers.Output, how)), options.Rounds);
                Report(format, "gemv", mode, m, threads, pairs, limits.Dram);
            }

            foreach (int m in gemm)
            {
                ProductBuffers buffers = new(m, options.Inputs, options.Outputs);
                MachineLimit limit = mode == ComputeMode.Int8 ? limits.Int8Deep4 : limits.Float32;
                double operations = 2.0 * m * options.Inputs * options.Outputs;
                PairedRatio pairs = PairedRatio.Measure(limit, () => Rate(operations, () => ring.First.Multiply(buffers.Activations, m, buffers.Output, how)), options.Rounds);
                Report(format, "gemm", mode, m, threads, pairs, limit);
            }
        }
    }

    private void Quantize(FormatDescriptor format, int threads, MachineLimits limits)
    {
        int rows = Math.Min(options.Outputs, 512);
        float[] weights = SampleWeights.Make(rows, options.Inputs);
        PairedRatio pairs = PairedRatio.Measure(
            limits.Dram,
            () => Rate(4.0 * rows * options.Inputs, () => QuantizedMatrix.Quantize(format, weights, rows, options.Inputs, threads).Dispose()),
            options.Rounds);
        Report(format, "quantize", null, rows, threads, pairs, limits.Dram);
    }

    /// <summary>Rows dequantized into one row of f32 that stays in the first-level cache, in bytes written.</summary>
    private unsafe void Dequantize(FormatDescriptor format, int threads, MachineLimits limits)
    {
        if (threads != 1)
        {
            return;
        }

        int rows = 64;
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(format, SampleWeights.Make(rows, options.Inputs), rows, options.Inputs);
        float[] row = new float[options.Inputs];
        PairedRatio pairs = PairedRatio.Measure(
            limits.L2,
            () => Rate(4.0 * rows * options.Inputs, () =>
            {
                for (int r = 0; r < rows; r++)
                {
                    matrix.DequantizeRow(r, row, options.Target);
                }
            }),
            options.Rounds);
        Report(format, "dequantize", null, rows, threads, pairs, limits.L2);
    }

    private void Report(FormatDescriptor format, string op, ComputeMode? mode, int m, int threads, PairedRatio pairs, MachineLimit limit) =>
        report.Kernel(new KernelFigure(
            format.Name,
            op,
            mode,
            m,
            options.Outputs,
            options.Inputs,
            threads,
            TargetSelection.Select(format, options.Target).Target,
            pairs.BestValue,
            pairs.MedianValue,
            limit.Unit,
            limit.Name,
            100 * pairs.MedianRatio));

    /// <summary>Giga-units per second of an action, repeated until the clock is coarse no longer.</summary>
    private static double Rate(double units, Action action)
    {
        int count = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            action();
            count++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < ShortestSample);
        return units * count / elapsed.TotalSeconds * 1e-9;
    }

    private sealed class ProductBuffers(int rows, int inputs, int outputs)
    {
        public float[] Activations { get; } = SampleWeights.Make(rows, inputs);

        public float[] Output { get; } = new float[(long)rows * outputs];
    }
}
