using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using KernelGen.Bench;
using KernelGen.Bench.Kernels;
using Xunit;

namespace KernelGen.Tests.Benchmarks;

/// <summary>The command <c>kernels</c> of the benchmark program: its options and the shape of what it prints, never how fast anything is.</summary>
public sealed class KernelsCommandTests
{
    internal static readonly Effort Little = new()
    {
        MemoryBytes = 1 << 20,
        RingBytes = 1 << 14,
        Sample = TimeSpan.Zero,
        WarmUp = TimeSpan.Zero,
        Patience = TimeSpan.Zero,
        LimitRuns = 1,
    };

    private static readonly string[] LimitKeys = ["kind", "name", "threads", "value", "unit"];

    private static readonly string[] KernelKeys =
        ["kind", "format", "op", "mode", "m", "n", "k", "threads", "target", "best", "median", "unit", "limit", "percent"];

    [Theory]
    [InlineData("--n: '0'", "--n", "0")]
    [InlineData("--n: '-8'", "--n", "-8")]
    [InlineData("--k: 'many'", "--k", "many")]
    [InlineData("--k: one", "--k", "256,512")]
    [InlineData("--m: '1.5'", "--m", "1,1.5")]
    [InlineData("--m: a value", "--m", ",")]
    [InlineData("--m", "--m")]
    [InlineData("gemv, gemm, quantize, dequantize", "--op", "gemv,sing")]
    [InlineData("Int8, Float32", "--mode", "Int4")]
    [InlineData("Q4_0", "--format", "Q4_0,Q9_9")]
    [InlineData("Scalar", "--target", "Cray")]
    [InlineData("--target: one", "--target", "Scalar,Avx2")]
    [InlineData("processors", "--threads", "100000")]
    [InlineData("elements", "--n", "100000", "--k", "102400")]
    [InlineData("--rounds: '0'", "--rounds", "0")]
    [InlineData("--jason", "--jason")]
    [InlineData("no folder", "--peer", "no-such-folder")]
    [InlineData("libggml-base.so", "--peer", ".")]
    public void What_is_not_there_ends_with_2_and_says_what_there_is(string said, params string[] options)
    {
        (int code, string output, string error) = Run(["kernels", .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_does_not_run_the_kernels_of_another()
    {
        KernelTarget foreign = Enum.GetValues<KernelTarget>().First(target => !TargetSelection.IsSupported(target));
        (int code, string output, string error) = Run(["kernels", "--target", foreign.ToString()]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(foreign.ToString(), error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_object_a_line_with_exactly_these_members()
    {
        (int code, string output, string error) = Run(
        [
            "kernels", "--json", "--format", "Q4_0,nf4", "--op", "gemv,gemm,quantize,dequantize", "--mode", "Int8,Float32",
            "--m", "1,8,9", "--n", "24", "--k", "512", "--threads", "1", "--rounds", "1", "--target", "Vector128",
        ]);
        Assert.Equal((0, ""), (code, error));
        List<JsonElement> lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        List<JsonElement> limits = [.. lines.TakeWhile(line => Text(line, "kind") == "limit")];
        foreach (JsonElement limit in limits)
        {
            Assert.Equal(LimitKeys, limit.EnumerateObject().Select(member => member.Name));
            Assert.True(limit.GetProperty("value").GetDouble() > 0);
            Assert.Equal(1, limit.GetProperty("threads").GetInt32());
        }

        Assert.Subset(limits.Select(limit => Text(limit, "name")).ToHashSet(), new HashSet<string?> { "DRAM read", "L2 read", "L3 read", "f32 FMA peak" });

        List<JsonElement> kernels = lines[limits.Count..];
        Assert.Equal(
            from format in new[] { "Q4_0", "NF4" }
            from line in new[]
            {
                "gemv Int8 1 DRAM read", "gemv Float32 1 DRAM read", "gemv Int8 8 DRAM read", "gemv Float32 8 DRAM read",
                "gemm Int8 9 int8 peak 4:1", "gemm Float32 9 f32 FMA peak", "quantize  64 DRAM read", "dequantize  64 L2 read",
            }
            select $"{format} {line}",
            kernels.Select(line => $"{Text(line, "format")} {Text(line, "op")} {Text(line, "mode")} {line.GetProperty("m")} {Text(line, "limit")}"));
        foreach (JsonElement kernel in kernels)
        {
            Assert.Equal(KernelKeys, kernel.EnumerateObject().Select(member => member.Name));
            Assert.Equal(("kernel", "Vector128"), (Text(kernel, "kind"), Text(kernel, "target")));
            Assert.Equal((24, 512, 1), (kernel.GetProperty("n").GetInt32(), kernel.GetProperty("k").GetInt32(), kernel.GetProperty("threads").GetInt32()));
            Assert.Equal(Text(kernel, "op") == "gemm" ? "GFLOP/s" : "GB/s", Text(kernel, "unit"));
            Assert.Contains(kernel.GetProperty("best").ValueKind, new[] { JsonValueKind.Number });
            Assert.Contains(kernel.GetProperty("percent").ValueKind, new[] { JsonValueKind.Number, JsonValueKind.Null });
        }
    }

    [Fact]
    public void All_means_every_format_of_the_catalogue()
    {
        (int code, string output, string error) = Run(["kernels", "--format", "all", "--op", "dequantize", "--k", "256", "--threads", "1", "--rounds", "1"]);
        Assert.Equal((0, ""), (code, error));
        Assert.All(KernelGen.Formats.FormatCatalogue.All, format => Assert.Contains($"\n{format.Name} ", output, StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_are_packed_unless_asked_for_as_stored()
    {
        Assert.True(KernelsCommand.Read(KernelsCommand.Create(Little).Parse([])).Packs);
        Assert.False(KernelsCommand.Read(KernelsCommand.Create(Little).Parse(["--unpacked"])).Packs);
        (int code, string output, string error) =
            Run(["kernels", "--unpacked", "--format", "Q4_0", "--op", "gemv,gemm", "--m", "1,9", "--n", "24", "--k", "256", "--threads", "1", "--rounds", "1"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("\nQ4_0 ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public unsafe void A_ring_rotates_over_as_many_bytes_as_it_is_told(bool packed)
    {
        FormatDescriptor format = KernelGen.Formats.FormatCatalogue.All.First(f => f.Name == "Q4_0");
        using WeightRing ring = new(StoredSample.Make(format, 16, 256), null, 10_000, packed);
        Assert.Equal((16 * 144, 5), (ring.DeclaredBytes, ring.Count));
        List<QuantizedMatrix> seen = [.. Enumerable.Range(0, 5).Select(_ => ring.Next())];
        Assert.Equal(5, seen.Distinct().Count());
        Assert.All(seen, matrix => Assert.Equal(packed, matrix.IsPacked));
        Assert.Equal(packed ? 1 : 5, seen.Select(matrix => (nint)matrix.Blocks).Distinct().Count());
        Assert.Same(seen[0], ring.Next());
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    private static (int Code, string Output, string Error) Run(string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = BenchCommands.Run(new RootCommand { KernelsCommand.Create(Little) }, arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
