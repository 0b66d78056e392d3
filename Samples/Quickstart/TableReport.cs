using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KernelGen;
using Spectre.Console;

namespace Quickstart;

/// <summary>A table for people, and how one product was run.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="settings">What was asked for.</param>
internal sealed class TableReport(TextWriter output, Settings settings) : IReport
{
    /// <inheritdoc/>
    public void Begin(Model model, TimedWeights timed)
    {
        long weights = model.Matrices.Sum(m => m.Count);
        output.WriteLine(Text($"{model.Name}: {model.Matrices.Count} matrices, {weights:N0} weights, {weights * sizeof(float):N0} bytes as f32"));
        foreach (string note in model.Notes)
        {
            output.WriteLine(note);
        }

        output.WriteLine($"Timed: {timed.Description}.");
        output.WriteLine($"GEMV has 1 row of activations, GEMM {Timing.GemmRows}; weights packed and not in the cache; GB/s count stored bytes.");
        output.WriteLine($"{settings.Options.Mode} arithmetic, {WorkerPool.Shared.Limit(settings.Options.Threads)} threads.");
        output.WriteLine();
    }

    /// <inheritdoc/>
    public void Add(Figures figures)
    {
    }

    /// <inheritdoc/>
    public void End(Model model, IReadOnlyList<Figures> all)
    {
        WriteTable(all);
        foreach (Figures figures in all)
        {
            foreach (IGrouping<string, string> reason in figures.Rejections.GroupBy(r => r.Reason, r => r.Matrix))
            {
                output.WriteLine($"Rejected by {figures.Format} (not in its figures): {string.Join(", ", reason)}. {reason.Key}");
            }
        }

        output.WriteLine();
        output.WriteLine(Example.Run(model, all[0].Format, settings.Options));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Text(double? value, string form) => value?.ToString(form, CultureInfo.InvariantCulture) ?? "-";

    private void WriteTable(IReadOnlyList<Figures> all)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("format").NoWrap().Padding(0, 0));
        foreach (string name in (string[])["bits", "NMSE", "cosine", "bytes", "GEMV\nGB/s", "GEMM\nGFLOP/s"])
        {
            table.AddColumn(new TableColumn(new Text(name).RightJustified()).RightAligned().NoWrap().Padding(0, 0));
        }

        table.AddColumn(new TableColumn("target").NoWrap().Padding(0, 0));
        foreach (Figures f in all)
        {
            table.AddRow(
                f.Format.Name, Text(f.Bits, "F3"), Text(f.Nmse, "0.00E+0"), Text(f.Cosine, "F6"), Text(f.Bytes, "N0"),
                Text(f.GemvGbs, "F1"), Text(f.GemmGflops, "F1"), f.Target.ToString());
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = 120;
        }

        console.Write(table);
    }
}
