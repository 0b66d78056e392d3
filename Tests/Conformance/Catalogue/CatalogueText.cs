using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KernelGen.Containers;
using KernelGen.Formats;

namespace KernelGen.Conformance.Catalogue;

/// <summary>The page about all formats (docs/formats.md): what the package's catalogue, its kernels and its documentation say, and errors that are measured.</summary>
internal static class CatalogueText
{
    private const int SampleOutputs = 64;
    private const int SampleInputs = 4096;

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where it goes.</param>
    /// <returns>The exit code, 0.</returns>
    public static int Run(TextWriter output)
    {
        TypeDocs docs = TypeDocs.Load();
        float[] weights = Gaussian(SampleOutputs * SampleInputs);
        (string Title, CatalogueEntry[] Entries)[] families = [.. Families()];
        output.Write($"""
            # Formats

            This page is written by a program: `dotnet run -c Release --project Tests/Conformance -- catalogue > docs/formats.md`.

            A matrix has O rows (outputs) and I columns (inputs). *Bits* are those stored per weight, every side array counted, and *packed* those of the panels that
            products read on AVX2, both for 4096 x 4096. *NMSE* is Σ (decoded - w)² / Σ w² for {SampleOutputs} x {SampleInputs} weights of a normal distribution (a fixed seed),
            by the format's own encoder without further knowledge, and by the library's search (`SearchedEncoder`); "-" where there is none. Layouts are drawn by the generator: a line for each field, with the
            bytes of the block, the entries, their type, and in brackets how they follow each other. {families.Sum(static f => f.Entries.Length)} formats.


            """.ReplaceLineEndings("\n"));
        foreach ((string title, CatalogueEntry[] entries) in families)
        {
            output.Write($"## {title}\n\n| format | bits | packed | NMSE | searched |\n|---|---|---|---|---|\n");
            foreach (CatalogueEntry entry in entries)
            {
                output.Write($"| [{entry.Name}](#{entry.Name.ToLowerInvariant()}) | {Text(entry.Bits)} | {Text(entry.PackedBits)} | {Error(entry.Nmse(weights, SampleOutputs, SampleInputs, search: false))} | {Error(entry.Nmse(weights, SampleOutputs, SampleInputs, search: true))} |\n");
            }

            output.Write("\n");
            foreach (CatalogueEntry entry in entries)
            {
                Write(entry, docs, output);
            }
        }

        return 0;
    }

    /// <summary>Numbers of a normal distribution, the same in every run and on every machine but for the last bits of the logarithm.</summary>
    private static float[] Gaussian(int count)
    {
        Random random = new(20_240_229);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++)
        {
            numbers[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return numbers;
    }

    private static IEnumerable<(string Title, CatalogueEntry[] Entries)> Families()
    {
        HashSet<string> ggml = [.. GgmlTypeInfo.All.Select(static type => type.Name)];
        FormatDescriptor[] own = [.. GgmlTypeInfo.All.SelectMany(static type => FormatCatalogue.All.Where(f => f.Name == type.Name))];
        yield return ("ggml's types", [.. own.Select(static f => new CellEntry(f))]);
        yield return ("Other formats of one cell", [.. FormatCatalogue.All.Where(f => !ggml.Contains(f.Name)).OrderBy(static f => f.Name, StringComparer.Ordinal).Select(static f => new CellEntry(f))]);
        yield return ("Structured formats", [.. FormatCatalogue.Structures.OrderBy(static f => f.Name, StringComparer.Ordinal).Select(static f => new StructureEntry(f))]);
    }

    private static void Write(CatalogueEntry entry, TypeDocs docs, TextWriter output)
    {
        output.Write($"### {entry.Name}\n\n");
        foreach (string paragraph in docs.Paragraphs(entry.FullName))
        {
            output.Write($"{paragraph}\n\n");
        }

        output.Write($"```\n{entry.Description}\n```\n\nBits per weight: {entry.BitsText}.");
        foreach (string fact in entry.Facts)
        {
            output.Write($" {fact}");
        }

        output.Write("\n\n");
    }

    private static string Text(double? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-";

    private static string Error(double? number) => number?.ToString("0.00E+0", CultureInfo.InvariantCulture) ?? "-";
}
