using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Bench.Limits;
using KernelGen.Bench.Peers;

namespace KernelGen.Bench.Kernels;

/// <summary>
/// Measures conversions, in bytes of f32. Each thread has its own rows. Dequantizing writes one row over and over, which stays in the
/// first-level cache; quantizing walks through a matrix, so that its weights come from memory.
/// </summary>
internal sealed unsafe class RowBench(KernelBenchOptions options, IReport report)
{
    private const int RowsAtATime = 64;

    private delegate void EncodeRow(float* weights, byte* blocks, byte* rowSide);

    /// <summary>Measures one format at all thread counts.</summary>
    public void Measure(FormatDescriptor format, GgmlFormat? theirs, IReadOnlyList<MachineLimits> limits)
    {
        if (options.Operations.Contains("quantize"))
        {
            if (format.HasEncoder)
            {
                Quantize(format, theirs, limits);
            }
            else
            {
                report.Note($"{format} has no encoder: quantize is left out");
            }
        }

        if (options.Operations.Contains("dequantize"))
        {
            Dequantize(format, theirs, limits);
        }
    }

    private void Quantize(FormatDescriptor format, GgmlFormat? theirs, IReadOnlyList<MachineLimits> limits)
    {
        KernelSet kernels = TargetSelection.Select(format, options.Target);
        using QuantizedMatrix sample = StoredSample.Make(format, RowsAtATime, options.Inputs);
        byte* tensorSide = sample.TensorSide;
        int inputs = options.Inputs, rows = Math.Max(options.Outputs, RowsAtATime);
        float[] weights = SampleWeights.Make(rows, inputs);
        foreach (MachineLimits at in limits)
        {
            byte[][] blocks = Rows<byte>(at, sample.RowByteCount), sides = Rows<byte>(at, Math.Max(1, format.RowSideBytes));
            int[] next = [.. Enumerable.Range(0, at.Team.Count).Select(thread => rows / at.Team.Count * thread)];

            void Walk(int thread, EncodeRow encode)
            {
                fixed (float* x = weights)
                {
                    fixed (byte* block = blocks[thread], side = sides[thread])
                    {
                        for (int r = 0; r < RowsAtATime; r++)
                        {
                            encode(x + ((long)next[thread] * inputs), block, side);
                            next[thread] = next[thread] + 1 == rows ? 0 : next[thread] + 1;
                        }
                    }
                }
            }

            List<Rival> rivals = [];
            if (theirs is { CanEncode: true })
            {
                rivals.Add(Rival(at, "ggml", thread => Walk(thread, (x, block, _) => theirs.Encode(x, block, 1, inputs))));
            }

            if (theirs is { CanEncodeRow: true })
            {
                rivals.Add(Rival(at, "ggml from_float", thread => Walk(thread, (x, block, _) => theirs.EncodeRow(x, block, inputs))));
            }

            PairedRatio ours = PairedRatio.Measure(
                at.Dram,
                () => Rate(at, thread => Walk(thread, (x, block, side) => kernels.QuantizeRow(x, inputs, block, side, tensorSide))),
                options.Rounds,
                options.Effort.WarmUp,
                rivals);
            Report(format, "quantize", at.Dram, ours, rivals);
        }
    }

    private void Dequantize(FormatDescriptor format, GgmlFormat? theirs, IReadOnlyList<MachineLimits> limits)
    {
        using QuantizedMatrix matrix = StoredSample.Make(format, RowsAtATime, options.Inputs);
        foreach (MachineLimits at in limits)
        {
            float[][] row = Rows<float>(at, options.Inputs);
            List<Rival> rivals = [];
            if (theirs is { CanDecode: true })
            {
                byte* blocks = matrix.Blocks;
                rivals.Add(Rival(at, "ggml", thread =>
                {
                    fixed (float* y = row[thread])
                    {
                        for (int r = 0; r < RowsAtATime; r++)
                        {
                            theirs.Decode(blocks + (r * matrix.RowByteCount), y, options.Inputs);
                        }
                    }
                }));
            }

            Report(format, "dequantize", at.L2, PairedRatio.Measure(
                at.L2,
                () => Rate(at, thread =>
                {
                    for (int r = 0; r < RowsAtATime; r++)
                    {
                        matrix.DequantizeRow(r, row[thread], options.Target);
                    }
                }),
                options.Rounds,
                options.Effort.WarmUp,
                rivals), rivals);
        }
    }

    private static T[][] Rows<T>(MachineLimits limits, long length) => [.. Enumerable.Range(0, limits.Team.Count).Select(_ => new T[length])];

    private Rival Rival(MachineLimits limits, string name, Action<int> work) => new(name, () => Rate(limits, work), options.Effort.Patience);

    /// <summary>Gigabytes of f32 per second, all threads together.</summary>
    private double Rate(MachineLimits limits, Action<int> work)
    {
        double bytes = 0, seconds = 0;
        do
        {
            seconds += limits.Team.Time(work);
            bytes += (double)RowsAtATime * options.Inputs * sizeof(float) * limits.Team.Count;
        }
        while (seconds < options.Effort.Sample.TotalSeconds);
        return bytes / seconds * 1e-9;
    }

    private void Report(FormatDescriptor format, string op, MachineLimit limit, PairedRatio pairs, List<Rival> rivals)
    {
        report.Kernel(new KernelFigure(
            format.Name,
            op,
            null,
            RowsAtATime,
            options.Outputs,
            options.Inputs,
            limit.Threads,
            TargetSelection.Select(format, options.Target).Target,
            pairs.BestValue,
            pairs.MedianValue,
            limit.Unit,
            limit.Name,
            100 * pairs.MedianRatio));
        foreach (Rival rival in rivals)
        {
            report.Peer(new PeerFigure(
                rival.Name, format.Name, op, RowsAtATime, options.Outputs, options.Inputs, limit.Threads, rival.Pairs.BestLimit, limit.Unit, rival.Pairs.MedianRatio));
        }
    }
}
