using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Bench.Limits;
using KernelGen.Bench.Peers;

namespace KernelGen.Bench.Kernels;

/// <summary>Measures the limits of the machine at each thread count, then each format against them and beside the peer.</summary>
internal sealed class KernelBench(KernelBenchOptions options, IReport report)
{
    /// <summary>Runs and reports as it goes.</summary>
    public void Run()
    {
        using Limits.NativeBuffer memory = new(options.Effort.MemoryBytes);
        MachineLimits[] limits = [.. options.Threads.Select(threads => new MachineLimits(threads, memory))];
        try
        {
            Run(limits);
        }
        finally
        {
            Array.ForEach(limits, each => each.Dispose());
        }
    }

    private void Run(IReadOnlyList<MachineLimits> limits)
    {
        foreach (MachineLimit limit in limits.SelectMany(each => each.All).Where(limit => limit.IsSupported))
        {
            report.Limit(limit.Name, limit.Threads, Enumerable.Range(0, options.Effort.LimitRuns).Max(_ => limit.MeasureOnce()), limit.Unit);
        }

        if (options.Peer is { } peer)
        {
            report.Note($"peer: {peer}");
        }

        ProductBench products = new(options, report);
        RowBench rows = new(options, report);
        foreach (FormatDescriptor format in options.Formats)
        {
            GgmlFormat? theirs = Peer(format);
            products.Measure(format, theirs, limits);
            rows.Measure(format, theirs, limits);
        }
    }

    private GgmlFormat? Peer(FormatDescriptor format)
    {
        if (options.Peer is not { } library)
        {
            return null;
        }

        GgmlFormat? theirs = GgmlFormat.Find(library, format, out string reason);
        if (theirs is null)
        {
            report.Note(reason);
        }

        return theirs;
    }
}
