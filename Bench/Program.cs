using System;

namespace KernelGen.Bench;

/// <summary>Measures KernelGen.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => BenchCommands.Run(BenchCommands.Create(), arguments, Console.Out, Console.Error);
}
