using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using KernelGen.Bench.Limits;
using KernelGen.Bench.Peers;

namespace KernelGen.Bench.Kernels;

/// <summary>
/// Measures products. What is timed is f32 activations in, f32 outputs out: quantizing and packing the activations included. GEMV
/// rotates over at least <see cref="Effort.RingBytes"/> of distinct weights, so that they come from memory, and is counted in declared
/// bytes (bits per weight of the interchange format).
/// </summary>
internal sealed class ProductBench(KernelBenchOptions options, IReport report)
{
    /// <summary>The largest number of activation rows that counts as GEMV.</summary>
    public const int LargestGemv = 8;

    /// <summary>Measures one format at all thread counts, modes and sizes.</summary>
    public void Measure(FormatDescriptor format, GgmlFormat? theirs, IReadOnlyList<MachineLimits> limits)
    {
        int[] rows = [.. options.Rows.Where(m => options.Operations.Contains(Operation(m)))];
        if (rows.Length == 0)
        {
            return;
        }

        bool rotate = rows.Any(m => m <= LargestGemv);
        using WeightRing ring = new(StoredSample.Make(format, options.Outputs, options.Inputs), options.Target, rotate ? options.Effort.RingBytes : 0, options.Packs);
        using PeerWeights? peer = theirs is null ? null : new PeerWeights(options.Peer!, theirs, ring);
        foreach (MachineLimits at in limits)
        {
            foreach (int m in rows)
            {
                Measure(ring, peer, m, at);
            }
        }
    }

    private static string Operation(int m) => m <= LargestGemv ? "gemv" : "gemm";

    private void Measure(WeightRing ring, PeerWeights? peer, int m, MachineLimits limits)
    {
        bool rotate = m <= LargestGemv;
        double work = rotate ? ring.DeclaredBytes : 2.0 * m * options.Inputs * options.Outputs;
        float[] activations = SampleWeights.Make(m, options.Inputs);
        float[] output = new float[(long)m * options.Outputs];
        List<GgmlProduct> products = [];
        try
        {
            products.AddRange((peer?.Buffers ?? []).Select(buffer => new GgmlProduct(buffer.Weights, m, rotate ? ring.Count : 1, activations)));
            List<(PairedRatio Ours, Rival[] Rivals, MachineLimit Limit)> measured = [];
            foreach (ComputeMode mode in options.Modes.Select(mode => ring.Source.Format.HasInt8Kernels ? mode : ComputeMode.Float32).Distinct())
            {
                MultiplyOptions how = new() { Mode = mode, Threads = limits.Team.Count, Target = options.Target, Activations = options.Activations };
                MachineLimit limit = rotate ? limits.Dram : mode == ComputeMode.Int8 ? limits.Int8Deep4 : IsWide(ring.Source.Format) ? limits.Float32Wide : limits.Float32;
                Rival[] rivals = [.. products.Select((product, i) => new Rival(
                    peer!.Buffers[i].Name, () => Rate(work * product.Count, () => product.Run(limits.Team.Count)), options.Effort.Patience))];
                PairedRatio ours = PairedRatio.Measure(
                    limit,
                    () => Rate(work, () => (rotate ? ring.Next() : ring.First).Multiply(activations, m, output, how)),
                    options.Rounds,
                    options.Effort.WarmUp,
                    rivals);
                Report(ring.Source.Format, mode, m, ours, limit);
                measured.Add((ours, rivals, limit));
            }

            (PairedRatio _, Rival[] beside, MachineLimit of) = measured.MaxBy(each => each.Ours.MedianValue);
            for (int i = 0; i < beside.Length; i++)
            {
                CheckAgreement(ring.Source.Format, beside[i].Name, output, products[i].Result());
                report.Peer(new PeerFigure(
                    beside[i].Name, ring.Source.Format.Name, Operation(m), m, options.Outputs, options.Inputs, of.Threads, beside[i].Pairs.BestLimit, of.Unit, beside[i].Pairs.MedianRatio));
            }
        }
        finally
        {
            products.ForEach(product => product.Dispose());
        }
    }

    /// <summary>Whether the f32 kernels of the target work on vectors of 512 bits.</summary>
    private bool IsWide(FormatDescriptor format) => TargetSelection.Select(format, options.Target).Target is KernelTarget.Avx512 or KernelTarget.Avx512Vnni;

    private void Report(FormatDescriptor format, ComputeMode mode, int m, PairedRatio pairs, MachineLimit limit) => report.Kernel(new KernelFigure(
        format.Name,
        Operation(m),
        mode,
        m,
        options.Outputs,
        options.Inputs,
        limit.Threads,
        TargetSelection.Select(format, options.Target).Target,
        pairs.BestValue,
        pairs.MedianValue,
        limit.Unit,
        limit.Name,
        100 * pairs.MedianRatio));

    /// <summary>Says so where a peer computes something else: its speed would mean nothing.</summary>
    private void CheckAgreement(FormatDescriptor format, string peer, float[] ours, float[] theirs)
    {
        double error = 0, size = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            error += Math.Pow(ours[i] - (double)theirs[i], 2);
            size += Math.Pow(ours[i], 2);
        }

        double relative = Math.Sqrt(error / size);
        if (!(relative < 0.05))
        {
            report.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{format}: the outputs of {peer} differ from ours by {100 * relative:F1} % (root mean square)"));
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
