using System.CommandLine;
using KernelGen.Bench.Generation;
using KernelGen.Bench.Kernels;

RootCommand root = new("Measures KernelGen: kernels against the machine's limits, and the generator itself.")
{
    KernelsCommand.Create(),
    GeneratorCommand.Create(),
};
return root.Parse(args).Invoke();
