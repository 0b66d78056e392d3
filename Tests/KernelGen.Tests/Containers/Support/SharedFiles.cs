using System;
using System.IO;

namespace KernelGen.Tests.Containers;

/// <summary>The optional folder of real models next to the repository.</summary>
internal static class SharedFiles
{
    public static string? Folder { get; } = FindFolder();

    public static string Model(string name) => Path.Combine(Folder!, "models", name);

    private static string? FindFolder()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
        {
            if (File.Exists(Path.Combine(d.FullName, "KernelGen.sln")))
            {
                string shared = Path.GetFullPath(Path.Combine(d.FullName, "..", "shared"));
                return Directory.Exists(Path.Combine(shared, "models")) ? shared : null;
            }
        }

        return null;
    }
}
