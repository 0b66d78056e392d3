using System;
using System.IO;

namespace KernelGen.Tests.Containers;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("kernelgen-").FullName;

    /// <summary>The names of what is in it.</summary>
    public string[] Names => Array.ConvertAll(Directory.GetFileSystemEntries(_path), static entry => Path.GetFileName(entry)!);

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
