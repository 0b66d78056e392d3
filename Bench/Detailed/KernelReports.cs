using System;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains;
using BenchmarkDotNet.Toolchains.CsProj;
using BenchmarkDotNet.Toolchains.DotNetCli;

namespace KernelGen.Bench.Detailed;

/// <summary>BenchmarkDotNet's usual reports, and the machine code of the generated kernels, which run through pointers that it cannot follow.</summary>
internal sealed class KernelReports : ManualConfig
{
    private const string Framework = "net10.0";

    /// <summary>Creates the configuration.</summary>
    public KernelReports()
    {
        // BenchmarkDotNet 0.14 does not know .NET 10 by number and takes it for older than what it can disassemble on Linux: it is told the newest
        // it knows, and what to build for. A toolchain of its own kind would look for that older SDK.
        AddJob(Job.Default
            .WithRuntime(CoreRuntime.Core90)
            .WithToolchain(new Toolchain(Framework, new CsProjGenerator(Framework, null!, null!, null!), new DotNetCliBuilder(Framework), new DotNetCliExecutor(null!)))
            .AsMutator());

        // The formats are built once more, which takes longer than its two minutes.
        WithBuildTimeout(TimeSpan.FromMinutes(20));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddDiagnoser(new DisassemblyDiagnoser(new DisassemblyDiagnoserConfig(maxDepth: 1, filters: ["KernelGen.Generated.*"], exportGithubMarkdown: true)));
    }
}
