using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using KernelGen.Bench.Kernels;
using KernelGen.Bench.Limits;
using KernelGen.Encoders;

namespace KernelGen.Bench.Structures;

/// <summary>
/// Measures products of structured formats as <see cref="ProductBench"/> does those of cells: f32 activations in, f32 outputs out, GEMV in declared
/// bytes, all side arrays counted, over weights that come from memory.
/// </summary>
internal sealed class StructureBench(StructureBenchOptions options, IReport report)
{
    /// <summary>Measures one format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="limits">The machine's limits, by thread count.</param>
    public unsafe void Measure(StructureDescriptor format, IReadOnlyList<MachineLimits> limits)
    {
        float[] weights = SampleWeights.Make(options.Outputs, options.Inputs);
        using TensorSet tensors = Encode(format, weights);
        List<StructuredMatrix> ring = [];
        try
        {
            do
            {
                ring.Add(StructuredMatrix.FromTensors(format, options.Outputs, options.Inputs, tensors));
                ring[^1].Pack(options.Target);
            }
            while (options.Rows.Any(m => m <= ProductBench.LargestGemv) && ring.Count * ring[0].ByteCount < options.Effort.RingBytes);

            report.Note(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{format}: {ring[0].ByteCount * 8.0 / ((double)options.Outputs * options.Inputs):F3} bits per weight"));
            foreach (MachineLimits at in limits)
            {
                foreach (int m in options.Rows)
                {
                    Measure(format, ring, m, at);
                }
            }
        }
        finally
        {
            ring.ForEach(static matrix => matrix.Dispose());
        }
    }

    private unsafe TensorSet Encode(StructureDescriptor format, float[] weights)
    {
        float[] maxima = [.. Enumerable.Range(0, options.Inputs).Select(i => 1 + (i * 7919 % options.Inputs / (float)options.Inputs))];
        StructureEncoder[] encoders =
        [
            new SignValueEncoder(), new ColumnBinaryEncoder(), new SalientBinaryEncoder(maxima), new DualBinaryEncoder(), new OutputGroupEncoder(),
            new SlabTernaryEncoder(1), new TileEncoder(), new NestedScaleEncoder(), new LearnedCodebookEncoder(), new ColumnWidthEncoder(),
            new RowGroupEncoder(16), new ResidualEncoder(), new ResidualEncoder(new SignValueEncoder()), new CellEncoder(),
        ];
        StructureEncoder encoder = encoders.FirstOrDefault(each => each.Accepts(format)) ?? throw new UsageException($"--format {format.Name}: no encoder of KernelGen.Encoders makes it.");
        fixed (float* first = weights)
        {
            return encoder.Encode(format, new WeightRows(first, options.Inputs, options.Outputs, options.Inputs));
        }
    }

    private void Measure(StructureDescriptor format, List<StructuredMatrix> ring, int m, MachineLimits limits)
    {
        bool rotate = m <= ProductBench.LargestGemv;
        double work = rotate ? ring[0].ByteCount : 2.0 * m * options.Inputs * options.Outputs;
        float[] activations = SampleWeights.Make(m, options.Inputs);
        float[] output = new float[(long)m * options.Outputs];
        KernelTarget target = format.Cells.Min(cell => TargetSelection.Select(cell, options.Target).Target);
        int next = 0;
        foreach (ComputeMode mode in options.Modes)
        {
            bool isWide = target is KernelTarget.Avx512 or KernelTarget.Avx512Vnni;
            MachineLimit limit = rotate ? limits.Dram : mode == ComputeMode.Int8 ? limits.Int8Deep4 : isWide ? limits.Float32Wide : limits.Float32;
            MultiplyOptions how = new() { Mode = mode, Threads = limits.Team.Count, Target = options.Target };
            PairedRatio pairs = PairedRatio.Measure(
                limit,
                () => Rate(work, () =>
                {
                    next = rotate && next + 1 < ring.Count ? next + 1 : 0;
                    ring[next].Multiply(activations, m, output, how);
                }),
                options.Rounds,
                options.Effort.WarmUp);
            report.Kernel(new KernelFigure(
                format.Name,
                rotate ? "gemv" : "gemm",
                mode,
                m,
                options.Outputs,
                options.Inputs,
                limit.Threads,
                target,
                pairs.BestValue,
                pairs.MedianValue,
                limit.Unit,
                limit.Name,
                100 * pairs.MedianRatio));
        }
    }

    /// <summary>Giga-units per second of an action, repeated until the clock is coarse no longer.</summary>
    private double Rate(double units, Action action)
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
        while (elapsed < options.Effort.Sample);
        return units * count / elapsed.TotalSeconds * 1e-9;
    }
}

/// <summary>What to measure.</summary>
/// <param name="Modes">Compute modes.</param>
/// <param name="Rows">Rows of activations M.</param>
/// <param name="Outputs">Outputs N.</param>
/// <param name="Inputs">Inputs K.</param>
/// <param name="Target">The kernels, or null for the machine's best.</param>
/// <param name="Rounds">Pairs of kernel and limit.</param>
/// <param name="Effort">The work behind a figure.</param>
internal sealed record StructureBenchOptions(
    IReadOnlyList<ComputeMode> Modes, IReadOnlyList<int> Rows, int Outputs, int Inputs, KernelTarget? Target, int Rounds, Effort Effort);
