using System;
using System.IO;
using Xunit;

namespace KernelGen.Tests;

/// <summary>A fact about files in the folder <c>shared</c> beside the repository; skipped, visibly, where the folder is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="path">Path of the needed file or folder inside <c>shared</c>.</param>
    public SharedFactAttribute(string path)
    {
        if (Find(path) is null)
        {
            Skip = $"shared/{path} is not beside the repository.";
        }
    }

    /// <summary>The full path of something in <c>shared</c>, or null.</summary>
    public static string? Find(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", path);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
