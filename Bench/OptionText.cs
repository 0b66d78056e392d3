using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;

namespace KernelGen.Bench;

/// <summary>Options whose values are lists of names or positive numbers, separated by commas.</summary>
internal static class OptionText
{
    /// <summary>Whether the option says <c>all</c>.</summary>
    public static bool All(ParseResult parsed, Option<string> option) =>
        string.Equals(parsed.GetValue(option)?.Trim(), "all", StringComparison.OrdinalIgnoreCase);

    /// <summary>Known names, each once, written as they are known.</summary>
    /// <exception cref="UsageException">A name is not known, or there is none.</exception>
    public static IReadOnlyList<string> Names<T>(ParseResult parsed, Option<T> option, IReadOnlyList<string> known) =>
    [
        .. Split(parsed, option).Select(name => known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"{option.Name}: '{name}' is not known. Known: {string.Join(", ", known)}.")).Distinct(),
    ];

    /// <summary>One known name.</summary>
    /// <exception cref="UsageException">The name is not known, or there are several.</exception>
    public static string Name<T>(ParseResult parsed, Option<T> option, IReadOnlyList<string> known) =>
        Names(parsed, option, known) is [string name] ? name : throw new UsageException($"{option.Name}: one of {string.Join(", ", known)}.");

    /// <summary>Positive numbers, each once.</summary>
    /// <exception cref="UsageException">One is no positive number, or there is none.</exception>
    public static IReadOnlyList<int> Numbers(ParseResult parsed, Option<string> option) =>
    [
        .. Split(parsed, option).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
            ? value
            : throw new UsageException($"{option.Name}: '{text}' is not a positive number.")).Distinct(),
    ];

    /// <summary>One positive number.</summary>
    /// <exception cref="UsageException">It is none, or there are several.</exception>
    public static int Number(ParseResult parsed, Option<string> option) =>
        Numbers(parsed, option) is [int number] ? number : throw new UsageException($"{option.Name}: one positive number.");

    private static string[] Split<T>(ParseResult parsed, Option<T> option)
    {
        string[] parts = (parsed.GetValue(option)?.ToString() ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 ? parts : throw new UsageException($"{option.Name}: a value is missing.");
    }
}
