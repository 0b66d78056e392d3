using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;

namespace KernelGen.Bench.Detailed;

/// <summary>BenchmarkDotNet's usual reports, and the machine code of the generated kernels, which run through pointers that it cannot follow.</summary>
internal sealed class KernelReports : ManualConfig
{
    /// <summary>Creates the configuration.</summary>
    public KernelReports()
    {
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddDiagnoser(new DisassemblyDiagnoser(new DisassemblyDiagnoserConfig(maxDepth: 1, filters: ["KernelGen.Generated.*"], exportGithubMarkdown: true)));
    }
}
