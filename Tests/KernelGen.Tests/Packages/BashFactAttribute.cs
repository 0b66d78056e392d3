using System;
using System.IO;
using System.Linq;
using Xunit;

namespace KernelGen.Tests.Packages;

/// <summary>A fact that runs a script; skipped, visibly, where there is no bash.</summary>
public sealed class BashFactAttribute : FactAttribute
{
    public BashFactAttribute()
    {
        if (Bash is null)
        {
            Skip = "There is no bash on this machine.";
        }
    }

    /// <summary>The path of bash, or null.</summary>
    public static string? Bash { get; } = OperatingSystem.IsWindows()
        ? null
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator)
            .Where(static folder => folder.Length != 0)
            .Select(static folder => Path.Combine(folder, "bash"))
            .FirstOrDefault(File.Exists);
}
