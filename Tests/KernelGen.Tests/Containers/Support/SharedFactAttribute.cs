using System;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>A test that needs the real models in ../shared/models, and is skipped, visibly, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <summary>Skips the test when the folder is absent.</summary>
    public SharedFactAttribute()
    {
        if (SharedFiles.Folder is null)
        {
            Skip = "Needs the folder shared/models next to the repository.";
        }
    }
}
