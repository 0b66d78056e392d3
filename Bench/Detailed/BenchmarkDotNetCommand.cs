using System;
using System.CommandLine;
using BenchmarkDotNet.Running;

namespace KernelGen.Bench.Detailed;

/// <summary><c>benchmarkdotnet</c>: the kernels under BenchmarkDotNet, with its reports and the kernels' disassembly.</summary>
internal static class BenchmarkDotNetCommand
{
    private static readonly Argument<string[]> Arguments = new("arguments")
    {
        Description = "BenchmarkDotNet's own, for instance --filter '*Gemv*Q4_0*' or --list flat.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        Command command = new("benchmarkdotnet", "Runs the kernels under BenchmarkDotNet; everything after the name is passed on to it.") { Arguments };
        command.SetAction(parsed => Run(parsed.GetValue(Arguments) ?? []));
        return command;
    }

    private static int Run(string[] arguments)
    {
        BenchmarkSwitcher.FromAssembly(typeof(BenchmarkDotNetCommand).Assembly).Run(arguments, new KernelReports());
        return 0;
    }
}
