using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Emulation;

namespace KernelGen.Avx512;

/// <summary>
/// Writes what the emulated kernels of some targets make of made-up weights: for each target, each operation once for every kind of kernel
/// (<see cref="KernelKinds"/>), on the first format that has one.
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
            RecordedRun[] runs = [.. Runs(target)];
            foreach (RecordedRun run in runs)
            {
                writer.Write(true);
                run.Write(writer);
            }

            Console.WriteLine($"{target}: {runs.Select(run => run.Format).Distinct().Count()} formats, {runs.Sum(run => run.Results.Count)} results recorded");
        }

        return 0;
    }

    private static IEnumerable<RecordedRun> Runs(KernelTarget target)
    {
        KernelKinds seen = new();
        foreach (FormatDescriptor format in EmulatedFormats.All)
        {
            KernelSet kernels = format.Kernels.Single(k => k.Target == target);
            foreach (RecordedRun run in Inputs.Of(format, target))
            {
                bool ragged = run.Inputs % kernels.Panel.BlockInputs != 0;
                HashSet<string> wanted = [];
                using KernelSequence sequence = new(
                    format,
                    kernels,
                    run,
                    operation => wanted.Contains(operation) || (seen.IsNew(format, kernels, operation, ragged) && wanted.Add(operation)));
                run.Results.AddRange(sequence.Results());
                if (run.Results.Count > 0)
                {
                    yield return run;
                }
            }
        }
    }
}
