using System;
using System.CommandLine;
using System.Globalization;

namespace KernelGen.Bench.Threads;

/// <summary><c>pool</c>: what it costs to send the worker pool's threads to work and have them back.</summary>
internal static class PoolCommand
{
    public static Command Create()
    {
        Option<string> threads = new("--threads") { Description = "Threads, the caller included.", DefaultValueFactory = _ => $"{Environment.ProcessorCount}" };
        Option<string> rounds = new("--rounds") { Description = "Runs timed for each figure.", DefaultValueFactory = _ => "2000" };
        Option<bool> json = new("--json") { Description = "One JSON object a line." };
        Command command = new("pool", "Measures fork and join of the worker pool.") { threads, rounds, json };
        command.SetAction(parsed =>
        {
            int count = OptionText.Number(parsed, threads);
            if (count > short.MaxValue)
            {
                throw new UsageException($"{threads.Name}: a pool has at most {short.MaxValue} threads.");
            }

            foreach (PoolFigure figure in ForkJoin.Measure(count, OptionText.Number(parsed, rounds)))
            {
                parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? Json(figure) : Text(figure));
            }

            return 0;
        });
        return command;
    }

    private static string Text(PoolFigure f) => string.Create(
        CultureInfo.InvariantCulture, $"pool  {f.Name,-14} {f.Threads} threads  best {f.Best,7:F2} us  median {f.Median,7:F2} us  9 of 10 below {f.NinthDecile,7:F2} us");

    private static string Json(PoolFigure f) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"kind\":\"pool\",\"name\":\"{f.Name}\",\"threads\":{f.Threads},\"best\":{f.Best:F3},\"median\":{f.Median:F3},\"ninth_decile\":{f.NinthDecile:F3},\"unit\":\"us\"}}");
}
