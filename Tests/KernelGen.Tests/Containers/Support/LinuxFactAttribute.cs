using System;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>A test that relies on sparse files or on /proc, and is skipped, visibly, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Skips the test on other systems.</summary>
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Needs Linux.";
        }
    }
}
