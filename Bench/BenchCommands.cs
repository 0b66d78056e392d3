using System.CommandLine;
using System.IO;
using System.Linq;
using KernelGen.Bench.Detailed;
using KernelGen.Bench.Generation;
using KernelGen.Bench.Kernels;
using KernelGen.Bench.Packing;
using KernelGen.Bench.Peers;
using KernelGen.Bench.Search;
using KernelGen.Bench.Structures;
using KernelGen.Bench.Threads;

namespace KernelGen.Bench;

/// <summary>The commands. What is wrong with the arguments goes to the error output, with exit code 2.</summary>
internal static class BenchCommands
{
    /// <summary>All commands of the program.</summary>
    public static RootCommand Create() => new("Measures KernelGen: kernels against the machine's limits, packing, searched encoders, the worker pool, and the generator itself.")
    {
        KernelsCommand.Create(),
        StructuresCommand.Create(),
        PackCommand.Create(),
        EncodeCommand.Create(),
        PoolCommand.Create(),
        GeneratorCommand.Create(),
        BenchmarkDotNetCommand.Create(),
    };

    /// <summary>Runs a command.</summary>
    /// <param name="root">The commands.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="output">Where figures go.</param>
    /// <param name="error">Where messages go.</param>
    /// <returns>The exit code: 0, or 2 where something asked for is not there.</returns>
    public static int Run(RootCommand root, string[] arguments, TextWriter output, TextWriter error)
    {
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(e => e.Message))
            {
                error.WriteLine(message);
            }

            return 2;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (System.Exception exception) when (exception is UsageException or PeerException or KernelTargetException)
        {
            error.WriteLine(exception.Message);
            return 2;
        }
    }
}
