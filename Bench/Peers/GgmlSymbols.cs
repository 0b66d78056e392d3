using System;
using System.IO;
using System.Runtime.InteropServices;

namespace KernelGen.Bench.Peers;

/// <summary>The three libraries of ggml in one folder, and the addresses of their functions.</summary>
internal sealed class GgmlSymbols
{
    /// <summary>Loads the libraries, those that others need first.</summary>
    /// <param name="folder">Where they are.</param>
    /// <exception cref="PeerException">The folder or a library is missing, or a library cannot be loaded.</exception>
    public GgmlSymbols(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new PeerException($"--peer: there is no folder '{folder}'.");
        }

        Base = Load(folder, "libggml-base.so");
        Cpu = Load(folder, "libggml-cpu.so");
        Registry = Load(folder, "libggml.so");
    }

    /// <summary>Tensors, graphs, types.</summary>
    public Library Base { get; }

    /// <summary>The CPU backend.</summary>
    public Library Cpu { get; }

    /// <summary>The registry of backends.</summary>
    public Library Registry { get; }

    private static Library Load(string folder, string name)
    {
        string path = Path.GetFullPath(Path.Combine(folder, name));
        if (!File.Exists(path))
        {
            throw new PeerException($"--peer: '{folder}' has no {name}. Build ggml with shared libraries and name the folder with libggml-base.so, libggml-cpu.so and libggml.so.");
        }

        try
        {
            return new Library(path, NativeLibrary.Load(path));
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new PeerException($"--peer: '{path}' cannot be loaded: {exception.Message}");
        }
    }

    /// <summary>A loaded library.</summary>
    /// <param name="Path">Its file.</param>
    /// <param name="Handle">Its handle.</param>
    internal sealed record Library(string Path, nint Handle)
    {
        /// <summary>The address of a function.</summary>
        /// <exception cref="PeerException">It is missing.</exception>
        public nint Find(string function) => NativeLibrary.TryGetExport(Handle, function, out nint address)
            ? address
            : throw new PeerException($"--peer: '{Path}' has no function {function}. It is no ggml, or one whose public interface differs from that of version 0.9 and later.");
    }
}
