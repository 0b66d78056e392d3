using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Emulation;

namespace KernelGen.Avx512;

/// <summary>
/// Writes what the emulated kernels of a target make of made-up weights, of one format of every kind of plan or of fewer, and the declarations of these formats into a folder.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [var name, "plans" or "forms", var root, var cases, var declarations] || !Enum.TryParse(name, out KernelTarget target))
        {
            Console.Error.WriteLine("usage: TARGET plans|forms REPOSITORY CASES DECLARATIONS");
            return 2;
        }

        IReadOnlyList<FormatDescriptor> formats = args[1] == "plans" ? Cover.OfPlans(EmulatedFormats.All, target) : Cover.OfForms(EmulatedFormats.All, target);
        new Declarations(root).Write(formats, declarations);
        using BinaryWriter writer = new(File.Create(cases));
        int results = formats.SelectMany(format => Inputs.Of(format, target)).Sum(run => Record(run, writer));
        Console.WriteLine($"{target}: {formats.Count} formats, {results} results recorded");
        return 0;
    }

    private static int Record(RecordedRun run, BinaryWriter writer)
    {
        FormatDescriptor format = EmulatedFormats.All.Single(f => f.FullName == run.Format);
        using KernelSequence sequence = new(format, format.Kernels.Single(k => k.Target == run.Target), run);
        run.Results.AddRange(sequence.Results());
        writer.Write(true);
        run.Write(writer);
        return run.Results.Count;
    }
}
