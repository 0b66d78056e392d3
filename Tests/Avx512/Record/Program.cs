using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Emulation;

namespace KernelGen.Avx512;

/// <summary>
/// Writes what the emulated kernels of some targets make of made-up weights: for each target, one format of every kind of plan,
/// hence every decoded form, way of scaling and micro-kernel.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [var file, .. { Length: > 0 } targets])
        {
            Console.Error.WriteLine("usage: FILE TARGET...");
            return 2;
        }

        using BinaryWriter writer = new(File.Create(file));
        foreach (KernelTarget target in targets.Select(Enum.Parse<KernelTarget>))
        {
            RecordedRun[] runs = [.. Formats(target).SelectMany(format => Inputs.Of(format, target))];
            Array.ForEach(runs, run => Record(run, writer));
            Console.WriteLine($"{target}: {runs.Select(run => run.Format).Distinct().Count()} formats, {runs.Sum(run => run.Results.Count)} results recorded");
        }

        return 0;
    }

    /// <summary>The first format of each plan, layouts of panels aside.</summary>
    private static IEnumerable<FormatDescriptor> Formats(KernelTarget target) =>
        from format in EmulatedFormats.All
        let plan = format.Kernels.Single(k => k.Target == target).Plan
        group format by (plan[plan.IndexOf("Int8:", StringComparison.Ordinal)..], string.Join(' ', format.Parameters.Select(p => $"{p.Role} {p.Type}"))) into alike
        select alike.First();

    private static void Record(RecordedRun run, BinaryWriter writer)
    {
        FormatDescriptor format = EmulatedFormats.All.Single(f => f.FullName == run.Format);
        using KernelSequence sequence = new(format, format.Kernels.Single(k => k.Target == run.Target), run);
        run.Results.AddRange(sequence.Results());
        writer.Write(true);
        run.Write(writer);
    }
}
