using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KernelGen.Tests.Generation;
using Xunit;
using Xunit.Abstractions;

namespace KernelGen.Tests.Packages;

public sealed class PackageTests(ITestOutputHelper output)
{
    [BashFact]
    public async Task A_project_outside_the_repository_uses_the_packages()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string log = Path.GetTempFileName();
        try
        {
            // To a file: processes that a build leaves behind would keep a pipe open.
            ProcessStartInfo start = new(BashFactAttribute.Bash!)
            {
                ArgumentList = { "-c", "exec \"$1\" --no-build --configuration \"$2\" >\"$3\" 2>&1 </dev/null", "bash", Path.Combine(GeneratorHarness.Root, "Tests", "Packages", "consume.sh"), configuration, log },
            };
            using Process script = Process.Start(start)!;
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(10));
            try
            {
                await script.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                script.Kill(entireProcessTree: true);
            }

            string said = await File.ReadAllTextAsync(log);
            output.WriteLine(said);
            Assert.True(script.HasExited && script.ExitCode == 0, said);
            Assert.Equal("packages ok", said.TrimEnd().Split('\n').Last());
        }
        finally
        {
            File.Delete(log);
        }
    }
}
