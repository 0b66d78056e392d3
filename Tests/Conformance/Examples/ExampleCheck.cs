using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace KernelGen.Conformance.Examples;

/// <summary>Runs a folder of worked examples through the generated code of twin declarations.</summary>
internal static class ExampleCheck
{
    /// <summary>Checks a folder and prints one line per example.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="output">Where the lines go.</param>
    /// <returns>0, or 1 when anything differs.</returns>
    public static int Run(string folder, TextWriter output)
    {
        IReadOnlyList<Example> examples = Read(folder);
        if (examples.Count == 0)
        {
            throw new UnusableDataException($"'{folder}' holds no worked example (*.json with input, params, codes and decoded).");
        }

        bool differs = false;
        foreach (Example example in examples)
        {
            string line = Check(example, out int mismatches);
            output.WriteLine($"{example.Name} {line}");
            differs |= mismatches > 0;
        }

        return differs ? 1 : 0;
    }

    /// <summary>The examples of a folder in ordinal order.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<Example> Read(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.json")
            .Order(StringComparer.Ordinal)
            .Select(Example.Read)
            .OfType<Example>(),
    ];

    /// <summary>Checks one example.</summary>
    /// <param name="example">The example.</param>
    /// <param name="mismatches">Differences found.</param>
    /// <returns>"exact", "N mismatches", "unsupported (reason)" or "unreadable (reason)".</returns>
    public static string Check(Example example, out int mismatches)
    {
        mismatches = 0;
        bool whole = ExampleTable.Exact.TryGetValue(example.Name, out Action<Example, Comparison>? check);
        if (whole || ExampleTable.DecodeOnly.TryGetValue(example.Name, out check))
        {
            Comparison comparison = new();
            try
            {
                check!(example, comparison);
            }
            catch (Exception exception) when (exception is UnusableDataException or InvalidOperationException or ArgumentException)
            {
                // One odd file does not end the run.
                mismatches = 1;
                return $"unreadable ({exception.Message.ReplaceLineEndings(" ")})";
            }

            mismatches = comparison.Mismatches;
        }

        bool missing = ExampleTable.Missing.TryGetValue(example.Name, out string? reason);
        return mismatches > 0 ? $"{mismatches} mismatches"
            : whole ? "exact"
            : check is not null ? $"unsupported (encoder: {reason}; its stored form decodes exactly)"
            : $"unsupported ({(missing ? reason : "no declaration is known for an example of this name")})";
    }
}
