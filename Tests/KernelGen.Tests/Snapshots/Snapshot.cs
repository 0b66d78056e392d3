using System;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

namespace KernelGen.Tests.Snapshots;

/// <summary>
/// Compares text with a verified file beside the tests. What differs is written beside it as <c>.received.</c>;
/// <c>Tests/accept-snapshots.sh</c> makes received files the verified ones.
/// </summary>
internal static class Snapshot
{
    private const string Variable = "KERNELGEN_ACCEPT_SNAPSHOTS";

    private static bool Accepts => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>The folder of the verified files.</summary>
    public static string Folder { get; } = Path.GetDirectoryName(ThisFile())!;

    /// <param name="name">The file's name without <c>.verified.</c> and what follows.</param>
    /// <param name="extension">What follows.</param>
    /// <param name="text">What there is now.</param>
    public static void Match(string name, string extension, string text)
    {
        string verified = Path.Combine(Folder, $"{name}.verified.{extension}");
        string received = Path.Combine(Folder, $"{name}.received.{extension}");
        string? expected = File.Exists(verified) ? File.ReadAllText(verified) : null;
        if (text == expected || Accepts)
        {
            File.Delete(received);
            if (text != expected)
            {
                File.WriteAllText(verified, text);
            }

            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail(
            $"{name}: {(expected is null ? "there is no verified file" : Difference(expected, text))}. Compare {received} with the verified file; "
            + "if the change is meant, accept all with: Tests/accept-snapshots.sh");
    }

    /// <summary>Fails, or deletes them where snapshots are accepted, where verified files belong to no snapshot.</summary>
    public static void NoOther(Func<string, bool> isSnapshot)
    {
        foreach (string path in Directory.EnumerateFiles(Folder, "*.verified.*"))
        {
            string name = Path.GetFileName(path);
            if (isSnapshot(name[..name.IndexOf(".verified.", StringComparison.Ordinal)]))
            {
                continue;
            }

            Assert.True(Accepts, $"{path} belongs to no emitted file. Accept its removal with: Tests/accept-snapshots.sh");
            File.Delete(path);
        }
    }

    private static string Difference(string expected, string text)
    {
        string[] before = expected.Split('\n');
        string[] after = text.Split('\n');
        int line = 0;
        while (line < before.Length && line < after.Length && before[line] == after[line])
        {
            line++;
        }

        string Of(string[] lines) => line < lines.Length ? "'" + lines[line].Trim() + "'" : "the end";
        return $"line {line + 1} was {Of(before)} and is {Of(after)}";
    }

    private static string ThisFile([CallerFilePath] string path = "") =>
        // Paths are mapped in reproducible builds.
        File.Exists(path) ? path : Path.Combine(Generation.GeneratorHarness.Root, "Tests", "KernelGen.Tests", "Snapshots", "Snapshot.cs");
}
