using System;
using System.CommandLine;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using KernelGen.Bench;
using KernelGen.Bench.Kernels;
using Xunit;

namespace KernelGen.Tests.Benchmarks;

/// <summary>The comparison with ggml, against a stand-in for its libraries that is compiled here.</summary>
public sealed class PeerTests
{
    private static readonly string[] PeerKeys = ["kind", "peer", "format", "op", "m", "n", "k", "threads", "best", "unit", "ratio"];

    [CompilerFact]
    public void Peers_are_measured_in_all_their_buffers()
    {
        (int code, string output, string error) = Run(fault: 0);
        Assert.Equal((0, "peer: ggml stub\nggml stub has no type NF4\n"), (code, error));
        List<JsonElement> peers = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("kind").GetString() == "peer")];
        Assert.Equal(
            ["gemv 1 ggml", "gemv 1 ggml repack", "gemm 9 ggml", "gemm 9 ggml repack", "quantize 64 ggml", "dequantize 64 ggml"],
            peers.Select(peer => $"{peer.GetProperty("op")} {peer.GetProperty("m")} {peer.GetProperty("peer")}"));
        Assert.All(peers, peer =>
        {
            Assert.Equal(PeerKeys, peer.EnumerateObject().Select(member => member.Name));
            Assert.Equal("Q4_0", peer.GetProperty("format").GetString());
            Assert.True(peer.GetProperty("best").GetDouble() > 0);
            Assert.True(peer.GetProperty("ratio").GetDouble() > 0);
        });
    }

    [CompilerFact]
    public void A_library_without_a_function_is_named()
    {
        (int code, string output, string error) = Run(fault: 1);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("libggml-base.so' has no function ggml_version", error, StringComparison.Ordinal);
    }

    [CompilerFact]
    public void A_library_of_another_shape_is_not_read()
    {
        (int code, _, string error) = Run(fault: 2);
        Assert.Equal(2, code);
        Assert.Contains("ggml_type_traits is not the structure", error, StringComparison.Ordinal);
    }

    [CompilerFact]
    public void Other_outputs_than_ours_are_said()
    {
        (int code, _, string error) = Run(fault: 3);
        Assert.Equal(0, code);
        Assert.Contains("Q4_0: the outputs of ggml repack differ from ours", error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(int fault)
    {
        // A folder for each: a library stays loaded, and is known by its path.
        string folder = Directory.CreateTempSubdirectory("kernelgen-peer").FullName;
        try
        {
            foreach (string library in new[] { "libggml-base.so", "libggml-cpu.so", "libggml.so" })
            {
                Compiler.Run("-shared", "-fPIC", "-O1", $"-DFAULT={fault}", "-o", Path.Combine(folder, library), Path.Combine(AppContext.BaseDirectory, "PeerStub.c"), "-lm");
            }

            using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
            int code = BenchCommands.Run(
                new RootCommand { KernelsCommand.Create(KernelsCommandTests.Little) },
                [
                    "kernels", "--json", "--format", "Q4_0,NF4", "--op", "gemv,gemm,quantize,dequantize", "--m", "1,9", "--n", "24", "--k", "512",
                    "--threads", "1", "--rounds", "1", "--peer", folder,
                ],
                output,
                error);
            return (code, output.ToString(), error.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A fact that needs a C compiler; skipped, visibly, where there is none.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CompilerFactAttribute : FactAttribute
    {
        public CompilerFactAttribute() => Skip = OperatingSystem.IsLinux() && Compiler.Exists ? null : "There is no cc on this machine.";
    }

    private static class Compiler
    {
        public static bool Exists { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "cc")));

        public static void Run(params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo("cc", arguments) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
        }
    }
}
