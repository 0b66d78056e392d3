using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Disassembly;

/// <summary>
/// Reads the kernels' machine code, as crossgen2 compiles it, and asserts what plans and targets promise.
/// <c>images</c> lists the images to compile, one a line: name, architecture, instruction sets. <c>check SOURCES FOLDER</c> checks them.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["images"]:
                foreach (ImageKind image in ImageKind.All)
                {
                    Console.WriteLine($"{image.Name} {image.Architecture} {image.InstructionSets}");
                }

                return 0;
            case ["check", string sources, string folder]:
                return Check(Declarations.Parse(sources), folder);
            default:
                Console.Error.WriteLine("usage: images | check SOURCES FOLDER");
                return 2;
        }
    }

    private static int Check(IReadOnlyList<FormatSpec> formats, string folder)
    {
        List<string> failures = [.. ImageKind.Uncovered.Select(target => $"{target}: no image is compiled for it")];
        int kernels = 0;
        foreach (ImageKind kind in ImageKind.All)
        {
            Image image = new(Path.Combine(folder, kind.Name + ".dll"));
            foreach (string target in kind.Targets)
            {
                TargetCheck check = new(image, kind, target);
                check.Run(formats);
                Console.WriteLine($"{target}, image {kind.Name}: {check.Kernels} kernels, {check.Failures.Count} failed");
                kernels += check.Kernels;
                failures.AddRange(check.Failures);
            }
        }

        failures.ForEach(failure => Console.WriteLine($"FAILED {failure}"));
        Console.WriteLine($"disassembly: {kernels} kernels as promised, {failures.Count} failed");
        return failures.Count == 0 && kernels > 0 ? 0 : 1;
    }
}
