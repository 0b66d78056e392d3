using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using KernelGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace KernelGen.Bench.Generation;

/// <summary><c>generator</c>: the time the generator takes over the whole Formats project, cold and after an edit.</summary>
internal static class GeneratorCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo?> sources = new("--sources") { Description = "Folder with the declarations; the repository's Formats if not given." };
        Option<int> rounds = new("--rounds") { Description = "Runs of each kind.", DefaultValueFactory = _ => 15 };
        Command command = new("generator", "Times the generator over the Formats project.") { sources, rounds };
        command.SetAction(parsed =>
        {
            DirectoryInfo? folder = parsed.GetValue(sources) ?? FindFormats();
            if (folder is not { Exists: true })
            {
                Console.Error.WriteLine("No Formats folder found above this program; name one with --sources.");
                return 2;
            }

            Run(folder, parsed.GetValue(rounds));
            return 0;
        });
        return command;
    }

    private static void Run(DirectoryInfo folder, int rounds)
    {
        SyntaxTree[] trees = [.. folder.EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(file => !file.FullName.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.FullName), path: file.FullName))];
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Formats",
            trees,
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

        Report("whole project, new driver", rounds, () => CSharpGeneratorDriver.Create(new KernelGenerator()).RunGenerators(compilation));

        GeneratorDriver warm = CSharpGeneratorDriver.Create(new KernelGenerator()).RunGenerators(compilation);
        int edit = 0;
        Report("after an unrelated edit", rounds, () => warm = warm.RunGenerators(
            compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText($"// edit {edit++}"))));

        // One format changes, its offset, and is emitted again; all others stay cached.
        SyntaxTree first = trees.First(tree => tree.ToString().Contains("[Block(", StringComparison.Ordinal));
        Report("after editing one declaration", rounds, () => warm = warm.RunGenerators(compilation.ReplaceSyntaxTree(first, CSharpSyntaxTree.ParseText(
            $"{first}\n[Block(32), Scale(ScalarType.Float16), Codes(4, Offset = -{edit++ % 16})]\npublic readonly partial record struct Edited;\n",
            path: first.FilePath))));

        GeneratorDriverRunResult result = warm.GetRunResult();
        Console.WriteLine($"{result.GeneratedTrees.Length} files, {result.GeneratedTrees.Sum(tree => tree.Length) / 1024} KiB, {result.Diagnostics.Length} diagnostics");
    }

    private static void Report(string name, int rounds, Action action)
    {
        double[] times = [.. Enumerable.Range(0, rounds + 2).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }).Skip(2).Order()];
        Console.WriteLine($"{name,-38} best {times[0],7:F1} ms   median {times[times.Length / 2],7:F1} ms");
    }

    private static MetadataReference[] References() =>
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "KernelGen.Attributes.dll" or "KernelGen.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static DirectoryInfo? FindFormats()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KernelGen.sln")))
            {
                return new DirectoryInfo(Path.Combine(folder.FullName, "Formats"));
            }
        }

        return null;
    }
}
