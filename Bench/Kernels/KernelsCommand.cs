using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using KernelGen.Bench.Peers;
using KernelGen.Formats;

namespace KernelGen.Bench.Kernels;

/// <summary><c>kernels</c>: products, quantization and dequantization held against the limits of the machine in the same run.</summary>
internal static class KernelsCommand
{
    private static readonly string[] Operations = ["gemv", "gemm", "quantize", "dequantize"];

    private static readonly Option<string> Format = new("--format")
    {
        Description = "Formats by name, separated by commas, or all.",
        DefaultValueFactory = _ => "Q4_0,Q8_0,Q4_K,NF4",
    };

    private static readonly Option<string> Op = new("--op") { Description = "Operations: gemv, gemm, quantize, dequantize.", DefaultValueFactory = _ => "gemv,gemm" };

    private static readonly Option<string> Mode = new("--mode") { Description = "Compute modes: Int8, Float32.", DefaultValueFactory = _ => "Int8" };

    private static readonly Option<string?> Activations = new("--activations") { Description = "The declared format of the activations of products, by name; the weights' default if not given." };

    private static readonly Option<string> M = new("--m")
    {
        Description = $"Rows of activations; gemv takes those up to {ProductBench.LargestGemv}, gemm the others.",
        DefaultValueFactory = _ => "1,512",
    };

    private static readonly Option<string> N = new("--n") { Description = "Outputs N.", DefaultValueFactory = _ => "4096" };

    private static readonly Option<string> K = new("--k") { Description = "Inputs K.", DefaultValueFactory = _ => "4096" };

    private static readonly Option<string> Threads = new("--threads")
    {
        Description = "Thread counts.",
        DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? $"1,{Environment.ProcessorCount}" : "1",
    };

    private static readonly Option<string?> Target = new("--target") { Description = "Kernel target; the machine's best if not given." };

    private static readonly Option<bool> Unpacked = new("--unpacked") { Description = "Weights as they are stored, which nobody packed." };

    private static readonly Option<string?> Peer = new("--peer") { Description = "Folder with libggml-base.so, libggml-cpu.so and libggml.so to compare with." };

    private static readonly Option<string> Rounds = new("--rounds") { Description = "Pairs of kernel and limit.", DefaultValueFactory = _ => "11" };

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line." };

    /// <summary>The command.</summary>
    public static Command Create() => Create(new Effort());

    /// <summary>The command at less effort than figures to quote need.</summary>
    public static Command Create(Effort effort)
    {
        Command command = new("kernels", "Measures kernels and the machine's limits, interleaved.") { Format, Op, Mode, Activations, M, N, K, Threads, Target, Unpacked, Peer, Rounds, Json };
        command.SetAction(parsed =>
        {
            KernelBenchOptions options = Read(parsed) with { Effort = effort };
            IReport report = parsed.GetValue(Json)
                ? new JsonReport(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
                : new TextReport(parsed.InvocationConfiguration.Output);
            new KernelBench(options, report).Run();
            return 0;
        });
        return command;
    }

    /// <summary>What is asked for.</summary>
    /// <exception cref="UsageException">An option's value is none, or the options do not fit together.</exception>
    internal static KernelBenchOptions Read(ParseResult parsed)
    {
        KernelBenchOptions options = new()
        {
            Formats = Formats(parsed),
            Operations = OptionText.Names(parsed, Op, Operations),
            Modes = [.. OptionText.Names(parsed, Mode, Enum.GetNames<ComputeMode>()).Select(Enum.Parse<ComputeMode>)],
            Activations = parsed.GetValue(Activations) is null ? null : Find(OptionText.Name(parsed, Activations, [.. FormatCatalogue.All.Select(f => f.Name)])),
            Rows = OptionText.Numbers(parsed, M),
            Outputs = OptionText.Number(parsed, N),
            Inputs = OptionText.Number(parsed, K),
            Threads = OptionText.Numbers(parsed, Threads),
            Target = parsed.GetValue(Target) is null ? null : Enum.Parse<KernelTarget>(OptionText.Name(parsed, Target, Enum.GetNames<KernelTarget>())),
            Packs = !parsed.GetValue(Unpacked),
            Rounds = OptionText.Number(parsed, Rounds),
        };
        if (options.Threads.FirstOrDefault(threads => threads > Environment.ProcessorCount) is var many and > 0)
        {
            throw new UsageException($"--threads {many}: this machine has {Environment.ProcessorCount} processors.");
        }

        if ((long)options.Outputs * options.Inputs > Array.MaxLength || options.Rows.Any(m => (long)m * Math.Max(options.Outputs, options.Inputs) > Array.MaxLength))
        {
            throw new UsageException($"--m, --n, --k: matrices of at most {Array.MaxLength} elements.");
        }

        foreach (FormatDescriptor format in options.Formats)
        {
            if (format.Ragged == RaggedRows.Reject && options.Inputs % format.BlockInputs != 0)
            {
                throw new UsageException($"--k {options.Inputs}: {format.Name} stores rows in blocks of {format.BlockInputs} inputs; choose a multiple.");
            }

            if (options.Activations is { } activations && format.HasInt8Kernels && options.Modes.Contains(ComputeMode.Int8) && format.ActivationFault(activations) is { } fault)
            {
                throw new UsageException($"--activations {activations}: with weights in {format} {fault}.");
            }

            TargetSelection.Select(format, options.Target);
        }

        return parsed.GetValue(Peer) is { } folder ? options with { Peer = GgmlLibrary.Load(folder) } : options;
    }

    private static FormatDescriptor Find(string name) => FormatCatalogue.All.First(f => f.Name == name);

    private static IReadOnlyList<FormatDescriptor> Formats(ParseResult parsed)
    {
        IReadOnlyList<FormatDescriptor> all = FormatCatalogue.All;
        return OptionText.All(parsed, Format)
            ? all
            : [.. OptionText.Names(parsed, Format, [.. all.Select(f => f.Name)]).Select(Find)];
    }
}
