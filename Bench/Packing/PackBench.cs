using System;
using System.Collections.Generic;
using System.Diagnostics;
using KernelGen.Bench.Kernels;

namespace KernelGen.Bench.Packing;

/// <summary>One measured way of moving weights in or out of panels.</summary>
/// <param name="Format">The format.</param>
/// <param name="Op">pack-panels (into memory that is there), pack (memory included), restore (the stored rows, memory included), or checksum (of the panels).</param>
/// <param name="N">Outputs.</param>
/// <param name="K">Inputs.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Target">The kernels that ran.</param>
/// <param name="Best">Best rate, in GB of declared bytes a second.</param>
/// <param name="Median">Median rate.</param>
/// <param name="Size">Packed bytes over declared bytes.</param>
internal sealed record PackFigure(string Format, string Op, int N, int K, int Threads, KernelTarget Target, double Best, double Median, double Size);

/// <summary>Times packing.</summary>
internal static unsafe class PackBench
{
    public static IReadOnlyList<PackFigure> Measure(FormatDescriptor format, int n, int k, IReadOnlyList<int> threads, KernelTarget? target, int rounds)
    {
        List<PackFigure> figures = [];
        using QuantizedMatrix matrix = StoredSample.Make(format, n, k);
        KernelSet kernels = TargetSelection.Select(format, target);
        matrix.Pack(target);
        double size = (double)matrix.PackedByteCount / matrix.ByteCount;
        using NativeBuffer panels = new(matrix.PackedByteCount);
        figures.Add(Time("checksum", 1, () => XxHash64.Of(panels.Pointer, panels.Length)));
        foreach (int count in threads)
        {
            Work work = new() { Matrix = matrix, Kernels = kernels, Panels = panels };
            figures.Add(Time("pack-panels", count, () => WorkerPool.Shared.Run(work, (n + kernels.Panel.Rows - 1) / kernels.Panel.Rows, count)));
            figures.Add(Time("pack", count, () => matrix.Pack(target, count), matrix.Unpack));
            if (kernels.UnpackPanel != null)
            {
                QuantizedMatrix? restored = null;
                figures.Add(Time("restore", count, () => restored = matrix.RestoreRows(count), () => restored?.Dispose()));
            }
        }

        return figures;

        PackFigure Time(string op, int count, Action action, Action? before = null)
        {
            double[] rates = new double[rounds];
            for (int i = -1; i < rounds; i++)
            {
                before?.Invoke();
                long start = Stopwatch.GetTimestamp();
                action();
                double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (i >= 0)
                {
                    rates[i] = matrix.ByteCount / seconds / 1e9;
                }
            }

            matrix.Pack(target);
            Array.Sort(rates);
            return new PackFigure(format.Name, op, n, k, count, kernels.Target, rates[^1], rates[rounds / 2], size);
        }
    }

    /// <summary>An item is a panel.</summary>
    private struct Work : IRangeWork
    {
        public QuantizedMatrix Matrix;
        public KernelSet Kernels;
        public NativeBuffer Panels;

        public readonly void Run(long first, long end, int participant)
        {
            PanelLayout layout = Kernels.Panel;
            for (long panel = first; panel < end; panel++)
            {
                long row = panel * layout.Rows;
                Kernels.PackPanel(
                    Matrix.Blocks + (row * Matrix.RowByteCount),
                    Matrix.RowByteCount,
                    (int)Math.Min(layout.Rows, Matrix.Outputs - row),
                    Matrix.RowSides + (row * Matrix.Format.RowSideBytes),
                    Matrix.TensorSide,
                    Matrix.Inputs,
                    Panels.Pointer + (panel * layout.PanelBytes(Matrix.Inputs)));
            }
        }
    }
}
