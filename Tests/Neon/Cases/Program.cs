using System;
using System.IO;

namespace KernelGen.NeonCases;

/// <summary>Prepares what the NEON check needs on the machine that compiles: see ../run.sh.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["mark", var from, var to]:
                IntrinsicMarker.Mark(from, to);
                return 0;
            case ["cases", var target, var path]:
                using (CaseFile file = new(File.Create(path)))
                {
                    KernelCases.Write(file, target);
                    Console.WriteLine($"{target}: {file.Count} cases");
                }

                return 0;
            case ["intrinsics", var assembly, var path]:
                using (CaseFile file = new(File.Create(path)))
                {
                    IntrinsicCases.Write(assembly, file);
                    Console.WriteLine($"intrinsics: {file.Count} cases");
                }

                return 0;
            default:
                Console.Error.WriteLine("usage: mark FROM TO | cases TARGET FILE | intrinsics ASSEMBLY FILE");
                return 2;
        }
    }
}
