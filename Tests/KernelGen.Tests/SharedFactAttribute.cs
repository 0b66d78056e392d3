using System;
using Xunit;

namespace KernelGen.Tests;

/// <summary>A fact about files in the folder <c>shared</c> beside the repository; skipped, visibly, where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <param name="path">Path of the needed file or folder inside <c>shared</c>.</param>
    public SharedFactAttribute(string path)
    {
        if (SharedFiles.Find(path) is null)
        {
            Skip = $"../shared/{path} is not beside the repository.";
        }
    }
}
