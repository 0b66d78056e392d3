using System;
using System.IO;

namespace KernelGen.Tests.Containers;

/// <summary>A file of its own for one test, deleted afterwards.</summary>
internal sealed class TempFile : IDisposable
{
    public TempFile(byte[]? contents = null)
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"kernelgen-{Guid.NewGuid():N}.bin");
        File.WriteAllBytes(Path, contents ?? []);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
