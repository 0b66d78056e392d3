using System;
using Spectre.Console;

namespace Quickstart;

/// <summary>A progress bar on stderr.</summary>
internal static class Progress
{
    /// <summary>Does work behind a bar.</summary>
    /// <param name="wanted">Whether to show it; where stderr is no terminal it never is.</param>
    /// <param name="steps">Steps of the work.</param>
    /// <param name="work">The work. It calls what it is given before each step, with the step's name.</param>
    public static void Run(bool wanted, int steps, Action<Action<string>> work)
    {
        if (!wanted || Console.IsErrorRedirected)
        {
            work(_ => { });
            return;
        }

        // Drawn between steps only: a thread that draws would take time from the products that are timed.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().AutoRefresh(false).AutoClear(true).Start(context =>
        {
            ProgressTask task = context.AddTask("start", maxValue: steps + 1);
            work(step =>
            {
                task.Description = Markup.Escape(step);
                task.Increment(1);
                context.Refresh();
            });
        });
    }
}
