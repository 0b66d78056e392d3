using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Generated;

namespace KernelGen.Avx512;

/// <summary>
/// Runs on the processor to be checked: calls the kernels on what a file holds and compares every result with the recorded one. The
/// last line is the verdict: "avx512: N results identical, N failed", then the targets that ran.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [var file])
        {
            Console.Error.WriteLine("usage: FILE");
            return 2;
        }

        Console.WriteLine(TargetSelection.Explain());
        Dictionary<string, FormatDescriptor> formats = FormatCatalogue.All
            .Concat(FormatCatalogue.Structures.SelectMany(structure => structure.Cells))
            .DistinctBy(f => f.FullName).ToDictionary(f => f.FullName, StringComparer.Ordinal);
        int identical = 0;
        int failed = 0;
        SortedSet<KernelTarget> ran = [];
        using BinaryReader reader = new(new MemoryStream(File.ReadAllBytes(file)));
        while (reader.BaseStream.Position < reader.BaseStream.Length && reader.ReadBoolean())
        {
            RecordedRun run = RecordedRun.Read(reader);
            if (!TargetSelection.IsSupported(run.Target))
            {
                Console.WriteLine($"FAILED {run.Format}: the processor does not support {run.Target}");
                failed += run.Results.Count;
                continue;
            }

            FormatDescriptor format = formats[run.Format];
            using KernelSequence sequence = new(format, TargetSelection.Select(format, run.Target), run);
            List<KernelResult> results = sequence.Results();
            ran.Add(run.Target);
            Console.WriteLine($"{Environment.TickCount64 / 1000} s: {run.Format}, K = {run.Inputs}, {results.Count} results");
            for (int i = 0; i < run.Results.Count; i++)
            {
                int at = i < results.Count ? run.Results[i].FirstDifference(results[i]) : 0;
                identical += at < 0 ? 1 : 0;
                failed += at < 0 ? 0 : 1;
                if (at >= 0)
                {
                    Console.WriteLine($"FAILED {run.Format} for {run.Target}, K = {run.Inputs}, {run.Results[i].Operation}: differs at byte {at} of {run.Results[i].Bytes.Length}");
                }
            }
        }

        Console.WriteLine($"avx512: {identical} results identical, {failed} failed, targets {string.Join(' ', ran)}");
        return failed == 0 && identical > 0 ? 0 : 1;
    }
}
