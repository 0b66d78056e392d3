using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using KernelGen.Bench.Kernels;
using KernelGen.Bench.Limits;
using KernelGen.Formats;

namespace KernelGen.Bench.Structures;

/// <summary><c>structures</c>: products of structured formats held against the limits of the machine in the same run.</summary>
internal static class StructuresCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => Create(new Effort());

    /// <summary>The command at less effort than figures to quote need.</summary>
    public static Command Create(Effort effort)
    {
        Option<string> format = new("--format") { Description = "Formats by name, separated by commas, or all.", DefaultValueFactory = _ => "OneBit,Ptq161,FbiBinary" };
        Option<string> mode = new("--mode") { Description = "Compute modes: Int8, Float32.", DefaultValueFactory = _ => "Int8" };
        Option<string> rows = new("--m") { Description = "Rows of activations.", DefaultValueFactory = _ => "1,512" };
        Option<string> n = new("--n") { Description = "Outputs N.", DefaultValueFactory = _ => "4096" };
        Option<string> k = new("--k") { Description = "Inputs K.", DefaultValueFactory = _ => "4096" };
        Option<string> threads = new("--threads") { Description = "Thread counts.", DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? $"1,{Environment.ProcessorCount}" : "1" };
        Option<string?> target = new("--target") { Description = "Kernel target; the machine's best if not given." };
        Option<string> rounds = new("--rounds") { Description = "Pairs of kernel and limit.", DefaultValueFactory = _ => "11" };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };
        Command command = new("structures", "Measures products of structured formats and the machine's limits, interleaved.") { format, mode, rows, n, k, threads, target, rounds, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<StructureDescriptor> all = FormatCatalogue.Structures;
            IReadOnlyList<StructureDescriptor> formats = OptionText.All(parsed, format)
                ? all
                : [.. OptionText.Names(parsed, format, [.. all.Select(f => f.Name)]).Select(name => all.First(f => f.Name == name))];
            StructureBenchOptions options = new(
                [.. OptionText.Names(parsed, mode, Enum.GetNames<ComputeMode>()).Select(Enum.Parse<ComputeMode>)],
                OptionText.Numbers(parsed, rows),
                OptionText.Number(parsed, n),
                OptionText.Number(parsed, k),
                parsed.GetValue(target) is null ? null : Enum.Parse<KernelTarget>(OptionText.Name(parsed, target, Enum.GetNames<KernelTarget>())),
                OptionText.Number(parsed, rounds),
                effort);
            IReport report = parsed.GetValue(json)
                ? new JsonReport(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error)
                : new TextReport(parsed.InvocationConfiguration.Output);
            using Limits.NativeBuffer memory = new(effort.MemoryBytes);
            MachineLimits[] limits = [.. OptionText.Numbers(parsed, threads).Select(count => new MachineLimits(count, memory))];
            try
            {
                StructureBench bench = new(options, report);
                foreach (StructureDescriptor one in formats)
                {
                    bench.Measure(one, limits);
                }
            }
            finally
            {
                Array.ForEach(limits, static each => each.Dispose());
            }

            return 0;
        });
        return command;
    }
}
