using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using KernelGen.Tests.Containers;
using Xunit;

namespace KernelGen.Tests.Samples;

/// <summary>The sample as a user starts it: a process, its output and its exit code.</summary>
public sealed class QuickstartTests
{
    [Fact]
    public async Task Json_has_one_line_a_format_and_nothing_else()
    {
        List<JsonElement> lines = Lines(await Run("--json", "--format", "Q4_0,Q8_0"));
        Assert.Equal(["Q4_0", "Q8_0"], lines.Select(Name));
        Check(lines[0], bits: (4.5, 4.6), nmse: (5e-3, 3e-2));
        Check(lines[1], bits: (8.5, 8.6), nmse: (2e-5, 2e-4));
    }

    [Fact]
    public async Task The_samples_own_format_is_one_of_them()
    {
        List<JsonElement> lines = Lines(await Run("--json", "--format", "myformat", "--mode", "Float32", "--threads", "1", "--target", "Scalar"));
        Check(Assert.Single(lines), bits: (3.375, 3.5), nmse: (2e-2, 1.5e-1));
        Assert.Equal("Scalar", lines[0].GetProperty("target").GetString());
    }

    [Fact]
    public async Task The_table_ends_with_the_target_and_why()
    {
        Result result = await Run("--format", "Q8_0");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Contains("tiled from", result.Output, StringComparison.Ordinal);
        Assert.Contains("used: ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Q4_0, MyFormat", "--format", "Q4_0,Q9_9")]
    [InlineData("Scalar, Vector128, Avx2", "--target", "Cray")]
    [InlineData("Scalar, Vector128, Avx2", "--target", "2")]
    [InlineData("Int8, Float32", "--mode", "Int4")]
    [InlineData("positive", "--threads", "-1")]
    [InlineData("--threads", "--threads", "many")]
    [InlineData("--json", "--jason")]
    [InlineData("no-such-file.gguf", "no-such-file.gguf")]
    public async Task What_is_not_there_ends_with_2_and_what_there_is(string said, params string[] arguments)
    {
        Result result = await Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        foreach (string name in said.Split(", "))
        {
            Assert.Contains(name, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_model_ends_with_2_and_the_containers_message()
    {
        using TempFile file = new("GGUF"u8.ToArray());
        Result result = await Run(file.Path, "--json");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith($"{file.Path}, byte ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_out_of_a_file_is_said()
    {
        string header = "{" + string.Join(',',
            SafetensorsImage.Entry("good", "F32", "2,40", "0,320"), SafetensorsImage.Entry("norm", "F32", "1,40", "320,480"),
            SafetensorsImage.Entry("bad", "F32", "2,40", "480,800"), SafetensorsImage.Entry("bias", "F32", "40", "800,960")) + "}";
        float[] weights = [.. Enumerable.Repeat(1f, 240)];
        weights[125] = float.NaN;
        using TempFile file = new(SafetensorsImage.Of(Encoding.UTF8.GetBytes(header), MemoryMarshal.AsBytes(weights.AsSpan()).ToArray()));
        Result result = await Run(file.Path, "--json", "--format", "Q8_0");
        Assert.Equal(0, result.ExitCode);
        JsonElement line = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((2L * 2 * 34, 13.6), (line.GetProperty("bytes").GetInt64(), line.GetProperty("bits").GetDouble()));
        Assert.Contains("norm F32 [1, 40]", result.Error, StringComparison.Ordinal);
        Assert.Contains("1 tensors", result.Error, StringComparison.Ordinal);
        Assert.Contains("Q8_0, bad: The weight at row 0, column 5 is NaN", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_exported()
    {
        using TempFolder folder = new();
        string header = "{" + SafetensorsImage.Entry("w", "F32", "2,32", "0,256") + "}";
        using TempFile file = new(SafetensorsImage.Of(Encoding.UTF8.GetBytes(header), new byte[256]));
        Result result = await Run("--export", folder.File("out.gguf"), "--format", "q4_0", file.Path);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("F32 -> Q4_0: w", result.Output, StringComparison.Ordinal);
        using KernelGen.Containers.GgufFile written = KernelGen.Containers.GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal("Q4_0", Assert.Single(written.Tensors).ElementType);

        foreach (string[] wrong in (string[][])[["--format", "q4_0,q8_0", file.Path], [file.Path], ["--format", "q4_0"], ["--format", "NF4", file.Path], ["--format", "q4_0", "no-such-file"]])
        {
            Result refused = await Run([.. wrong, "--export", folder.File("none.gguf")]);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.NotEmpty(refused.Error);
        }

        Assert.Equal(["out.gguf"], folder.Names);
    }

    [SharedFact("models")]
    public async Task A_real_model_has_rows_that_fit_no_block()
    {
        List<JsonElement> lines = Lines(await Run(SharedFiles.Model("stories260K.gguf"), "--json", "--format", "Q4_0,Q8_0,Q4_K"));
        Assert.Equal(["Q4_0", "Q8_0", "Q4_K"], lines.Select(Name));
        Check(lines[0], bits: (4.5, 4.7), nmse: (4e-3, 1.2e-2));
        Check(lines[1], bits: (8.5, 8.9), nmse: (1e-5, 6e-5));
        Check(lines[2], bits: (15, 17), nmse: (4e-3, 1.2e-2));
    }

    private static string? Name(JsonElement line) => line.GetProperty("format").GetString();

    private static void Check(JsonElement line, (double Low, double High) bits, (double Low, double High) nmse)
    {
        Assert.InRange(line.GetProperty("bits").GetDouble(), bits.Low, bits.High);
        Assert.InRange(line.GetProperty("nmse").GetDouble(), nmse.Low, nmse.High);
        Assert.Equal(1 - (nmse.High / 2), line.GetProperty("cosine").GetDouble(), nmse.High / 2);
        Assert.True(line.GetProperty("bytes").GetInt64() > 0);
        Assert.True(line.GetProperty("gemv_gbs").GetDouble() > 0);
        Assert.True(line.GetProperty("gemm_gflops").GetDouble() > 0);
        Assert.True(Enum.TryParse<KernelTarget>(line.GetProperty("target").GetString(), out _));
    }

    private static List<JsonElement> Lines(Result result)
    {
        Assert.Equal(0, result.ExitCode);
        Assert.All(result.Error.Split('\n'), line => Assert.True(line.Length == 0 || line.StartsWith("Skipped", StringComparison.Ordinal), line));
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static async Task<Result> Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Quickstart.dll"));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Result(process.ExitCode, await output, await error);
    }

    private sealed record Result(int ExitCode, string Output, string Error);
}
