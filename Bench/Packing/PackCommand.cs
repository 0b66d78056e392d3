using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using KernelGen.Formats;

namespace KernelGen.Bench.Packing;

/// <summary><c>pack</c>: how fast weights are packed and unpacked, in bytes of the stored rows, and how large they get.</summary>
internal static class PackCommand
{
    public static Command Create()
    {
        Option<string> format = new("--format") { Description = "Formats by name, separated by commas, or all.", DefaultValueFactory = _ => "Q4_0,Q8_0,Q4_K,NF4" };
        Option<string> n = new("--n") { Description = "Outputs N.", DefaultValueFactory = _ => "4096" };
        Option<string> k = new("--k") { Description = "Inputs K.", DefaultValueFactory = _ => "4096" };
        Option<string> threads = new("--threads") { Description = "Thread counts.", DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? $"1,{Environment.ProcessorCount}" : "1" };
        Option<string?> target = new("--target") { Description = "Kernel target; the machine's best if not given." };
        Option<string> rounds = new("--rounds") { Description = "Times each is done.", DefaultValueFactory = _ => "7" };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };
        Command command = new("pack", "Measures packing and unpacking, and the packed size.") { format, n, k, threads, target, rounds, json };
        command.SetAction(parsed =>
        {
            KernelTarget? named = parsed.GetValue(target) is null ? null : Enum.Parse<KernelTarget>(OptionText.Name(parsed, target, Enum.GetNames<KernelTarget>()));
            IReadOnlyList<FormatDescriptor> formats = OptionText.All(parsed, format)
                ? FormatCatalogue.All
                : [.. OptionText.Names(parsed, format, [.. FormatCatalogue.All.Select(f => f.Name)]).Select(name => FormatCatalogue.All.First(f => f.Name == name))];
            foreach (FormatDescriptor one in formats)
            {
                foreach (PackFigure figure in PackBench.Measure(
                    one, OptionText.Number(parsed, n), OptionText.Number(parsed, k), OptionText.Numbers(parsed, threads), named, OptionText.Number(parsed, rounds)))
                {
                    Write(parsed.InvocationConfiguration.Output, figure, parsed.GetValue(json));
                }
            }

            return 0;
        });
        return command;
    }

    private static void Write(TextWriter output, PackFigure f, bool json) => output.WriteLine(json
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"kind\":\"pack\",\"format\":\"{f.Format}\",\"op\":\"{f.Op}\",\"n\":{f.N},\"k\":{f.K},\"threads\":{f.Threads},\"target\":\"{f.Target}\",\"best\":{f.Best:F3},\"median\":{f.Median:F3},\"unit\":\"GB/s\",\"size\":{f.Size:F4}}}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{f.Format,-14} {f.Op,-12} {f.Threads} threads  {f.Target,-10} best {f.Best,7:F2} GB/s  median {f.Median,7:F2} GB/s  packed {f.Size:F3} of declared"));
}
