using System;
using System.IO;
using KernelGen.Conformance.Catalogue;
using KernelGen.Conformance.Examples;
using KernelGen.Conformance.Ggml;

namespace KernelGen.Conformance;

/// <summary>Checks generated kernels against folders of reference data, and writes the page about the formats.</summary>
internal static class Program
{
    private const string Usage = """
        usage: KernelGen.Conformance ggml DIR       ggml's quantized bytes and decoded values, type by type
               KernelGen.Conformance examples DIR   worked examples, one JSON file each
               KernelGen.Conformance catalogue      writes docs/formats.md: every format, its layout, size and error
        exit code: 0 all that is supported is exact, 1 something differs, 2 unusable arguments or data
        """;

    public static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs the program.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="errors">Where complaints go.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["catalogue"])
        {
            return CatalogueText.Run(output);
        }

        if (args.Length != 2 || args[0] is not ("ggml" or "examples"))
        {
            errors.WriteLine(Usage);
            return 2;
        }

        if (!Directory.Exists(args[1]))
        {
            errors.WriteLine($"There is no folder '{args[1]}'.");
            return 2;
        }

        try
        {
            return args[0] == "ggml" ? GgmlCheck.Run(args[1], output) : ExampleCheck.Run(args[1], output);
        }
        catch (UnusableDataException unusable)
        {
            errors.WriteLine(unusable.Message);
            return 2;
        }
    }
}
