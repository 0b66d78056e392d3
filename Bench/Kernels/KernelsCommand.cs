using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using KernelGen.Formats;

namespace KernelGen.Bench.Kernels;

/// <summary><c>kernels</c>: products, quantization and dequantization held against the limits of the machine in the same run.</summary>
internal static class KernelsCommand
{
    private static readonly string[] Operations = ["gemv", "gemm", "quantize", "dequantize"];

    public static Command Create()
    {
        Option<string> format = new("--format") { Description = "Formats by name, separated by commas, or all.", DefaultValueFactory = _ => "Q4_0,Q8_0,Q4_K,NF4" };
        Option<string> op = new("--op") { Description = "Operations: gemv, gemm, quantize, dequantize.", DefaultValueFactory = _ => "gemv,gemm" };
        Option<string> mode = new("--mode") { Description = "Compute modes: Int8, Float32.", DefaultValueFactory = _ => "Int8" };
        Option<string> m = new("--m") { Description = "Rows of activations; gemv takes those up to 8, gemm the others.", DefaultValueFactory = _ => "1,512" };
        Option<int> n = new("--n") { Description = "Outputs N.", DefaultValueFactory = _ => 4096 };
        Option<int> k = new("--k") { Description = "Inputs K.", DefaultValueFactory = _ => 4096 };
        Option<string> threads = new("--threads") { Description = "Thread counts.", DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? $"1,{Environment.ProcessorCount}" : "1" };
        Option<string?> target = new("--target") { Description = "Kernel target; the machine's best if not given." };
        Option<int> rounds = new("--rounds") { Description = "Pairs of kernel and limit.", DefaultValueFactory = _ => 11 };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };
        Command command = new("kernels", "Measures kernels and the machine's limits, interleaved.") { format, op, mode, m, n, k, threads, target, rounds, json };
        command.SetAction(parsed =>
        {
            try
            {
                KernelBenchOptions options = new(
                    Formats(parsed.GetValue(format)!),
                    Names(parsed.GetValue(op)!, Operations),
                    [.. Names(parsed.GetValue(mode)!, Enum.GetNames<ComputeMode>()).Select(Enum.Parse<ComputeMode>)],
                    Numbers(parsed.GetValue(m)!),
                    parsed.GetValue(n),
                    parsed.GetValue(k),
                    Numbers(parsed.GetValue(threads)!),
                    parsed.GetValue(target) is { } name ? Enum.Parse<KernelTarget>(Names(name, Enum.GetNames<KernelTarget>())[0]) : null,
                    parsed.GetValue(rounds));
                new KernelBench(options, parsed.GetValue(json) ? new JsonReport(Console.Out) : new TextReport(Console.Out)).Run();
                return 0;
            }
            catch (Exception exception) when (exception is FormatException or KernelTargetException or ArgumentException)
            {
                Console.Error.WriteLine(exception.Message);
                return 2;
            }
        });
        return command;
    }

    private static IReadOnlyList<FormatDescriptor> Formats(string names)
    {
        IReadOnlyList<FormatDescriptor> all = FormatCatalogue.All;
        return names.Trim().Equals("all", StringComparison.OrdinalIgnoreCase)
            ? all
            : [.. Names(names, [.. all.Select(f => f.Name)]).Select(name => all.First(f => f.Name == name))];
    }

    private static string[] Names(string list, IReadOnlyList<string> known) =>
    [
        .. Split(list).Select(name => known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"'{name}' is not known. Known: {string.Join(", ", known)}.")),
    ];

    private static int[] Numbers(string list) =>
    [
        .. Split(list).Select(text => int.TryParse(text, out int value) && value > 0
            ? value
            : throw new FormatException($"'{text}' is not a positive number.")),
    ];

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
