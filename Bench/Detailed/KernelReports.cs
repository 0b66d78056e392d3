using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.CsProj;
using BenchmarkDotNet.Toolchains.DotNetCli;

namespace KernelGen.Bench.Detailed;

/// <summary>BenchmarkDotNet's usual reports, and the machine code of the generated kernels, which run through pointers that it cannot follow.</summary>
internal sealed class KernelReports : ManualConfig
{
    /// <summary>Creates the configuration.</summary>
    public KernelReports()
    {
        // BenchmarkDotNet 0.14 does not know .NET 10 by number and takes it for older than what it can disassemble on Linux: it is told the newest
        // it knows, and what to build for.
        AddJob(Job.Default
            .WithRuntime(CoreRuntime.Core90)
            .WithToolchain(CsProjCoreToolchain.From(new NetCoreAppSettings("net10.0", null!, ".NET 10.0")))
            .AsMutator());
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddDiagnoser(new DisassemblyDiagnoser(new DisassemblyDiagnoserConfig(maxDepth: 1, filters: ["KernelGen.Generated.*"], exportGithubMarkdown: true)));
    }
}
