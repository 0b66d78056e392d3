using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using KernelGen.Conformance;
using KernelGen.Formats;
using Xunit;

namespace KernelGen.Tests.Conformance;

/// <summary>The page about all formats is what the program writes.</summary>
public sealed partial class CatalogueTests
{
    private const string Advice = "docs/formats.md is not what the program writes. Write it again: dotnet run -c Release --project Tests/Conformance -- catalogue > docs/formats.md";

    private static readonly Lazy<string> s_page = new(Write);

    [Fact]
    public void The_committed_page_is_what_the_program_writes()
    {
        string[] written = Lines(s_page.Value);
        string[] committed = Lines(File.ReadAllText(Path.Combine(Repository(), "docs", "formats.md")));
        for (int i = 0; i < Math.Min(written.Length, committed.Length); i++)
        {
            Assert.True(committed[i] == written[i], $"{Advice}\nline {i + 1}\nis     {committed[i]}\nwould be {written[i]}");
        }

        Assert.True(written.Length == committed.Length, Advice);
    }

    [Fact]
    public void Every_format_has_a_section_with_its_documentation_and_its_layout()
    {
        string page = s_page.Value;
        Assert.Equal(page, Write());
        foreach ((string name, string description) in FormatCatalogue.All.Select(f => (f.Name, f.Description)).Concat(FormatCatalogue.Structures.Select(s => (s.Name, s.Description))))
        {
            int start = page.IndexOf($"\n### {name}\n\n", StringComparison.Ordinal);
            Assert.True(start > 0, name);
            int end = page.IndexOf("\n#", start + 1, StringComparison.Ordinal);
            string section = page[start..(end < 0 ? page.Length : end)];
            Assert.Contains($"```\n{description}\n```", section, StringComparison.Ordinal);
            Assert.True(section.IndexOf("```", StringComparison.Ordinal) > name.Length + 20, $"{name} has no documentation");
            Assert.Contains($"| [{name}](#{name.ToLowerInvariant()}) |", page, StringComparison.Ordinal);
        }
    }

    // Errors are measured, and may differ in the last digit where a library rounds a logarithm otherwise.
    private static string[] Lines(string page) => [.. page.ReplaceLineEndings("\n").Split('\n').Select(static line => Measured().Replace(line, "| measured"))];

    private static string Write()
    {
        StringWriter output = new();
        Assert.Equal(0, Program.Run(["catalogue"], output, TextWriter.Null));
        return output.ToString();
    }

    private static string Repository()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "KernelGen.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"\| [0-9]\.[0-9]{2}E[+-][0-9]+(?= \|)")]
    private static partial Regex Measured();
}
