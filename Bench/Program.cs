using System.CommandLine;
using KernelGen.Bench.Generation;
using KernelGen.Bench.Kernels;
using KernelGen.Bench.Threads;

RootCommand root = new("Measures KernelGen: kernels against the machine's limits, the worker pool, and the generator itself.")
{
    KernelsCommand.Create(),
    PoolCommand.Create(),
    GeneratorCommand.Create(),
};
return root.Parse(args).Invoke();
