using System;
using System.IO;

namespace KernelGen.Tests;

/// <summary>The optional folder <c>shared</c> beside the repository: reference vectors, worked examples, real models.</summary>
internal static class SharedFiles
{
    private static readonly string? Folder = FindFolder();

    /// <summary>The full path of a file or folder inside, or null where it is absent.</summary>
    public static string? Find(string path)
    {
        string? full = Folder is null ? null : Path.Combine(Folder, path);
        return File.Exists(full) || Directory.Exists(full) ? full : null;
    }

    /// <summary>The full path of a model that is there.</summary>
    public static string Model(string name) => Find("models/" + name)!;

    private static string? FindFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "KernelGen.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
            }
        }

        return null;
    }
}
