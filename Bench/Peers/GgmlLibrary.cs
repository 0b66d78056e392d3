using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace KernelGen.Bench.Peers;

/// <summary>
/// ggml's CPU backend, loaded from a folder with <c>libggml-base.so</c>, <c>libggml-cpu.so</c> and <c>libggml.so</c>, through its
/// public C interface (<c>ggml.h</c>, <c>ggml-backend.h</c>, <c>ggml-cpu.h</c>). Nothing of it is part of this program.
/// </summary>
/// <remarks>
/// The libraries stay loaded until the process ends. ggml ends the process where it is called wrongly, so whatever could be wrong is
/// asked beforehand: the functions are there, the structures that are read say what the functions say.
/// </remarks>
internal sealed unsafe class GgmlLibrary
{
    private const int CpuDevice = 0;

    // Levels of ggml's log: 1 debug, 2 information, 3 warning, 4 error.
    private const int Warning = 3;

    private readonly delegate* unmanaged<nint, nint, nint> _extraBufferTypes;
    private readonly delegate* unmanaged<nint, int, void> _setThreads;
    private readonly nint _backend;
    private readonly nint _device;

    private GgmlLibrary(string folder)
    {
        GgmlSymbols libraries = new(folder);
        Functions = new GgmlFunctions(libraries);
        Functions.SetLog(&Log, 0);
        Version = Marshal.PtrToStringUTF8(Functions.Version()) ?? "";
        _device = Functions.DeviceByType(CpuDevice);
        if (_device == 0)
        {
            // A build whose backends are modules registers none until it is told to load one.
            nint path = Marshal.StringToCoTaskMemUTF8(libraries.Cpu.Path);
            Functions.LoadBackend(path);
            Marshal.FreeCoTaskMem(path);
            _device = Functions.DeviceByType(CpuDevice);
        }

        _backend = _device == 0 ? 0 : Functions.InitDevice(_device, 0);
        if (_backend == 0)
        {
            throw new PeerException($"{this} has no CPU backend that runs on this machine.");
        }

        nint registration = Functions.DeviceRegistration(_device);
        _setThreads = (delegate* unmanaged<nint, int, void>)Procedure(registration, "ggml_backend_set_n_threads");
        _extraBufferTypes = (delegate* unmanaged<nint, nint, nint>)Procedure(registration, "ggml_backend_dev_get_extra_bufts");
        if (_setThreads == null)
        {
            throw new PeerException($"{this}: its CPU backend has no ggml_backend_set_n_threads, so threads cannot be made equal. Use a newer ggml.");
        }
    }

    /// <summary>The functions.</summary>
    public GgmlFunctions Functions { get; }

    /// <summary>What <c>ggml_version</c> says.</summary>
    public string Version { get; }

    /// <summary>Plain memory of the CPU backend.</summary>
    public nint PlainBufferType => Functions.DeviceBufferType(_device);

    /// <summary>The buffer types that arrange weights anew when they are set (repacking), by name.</summary>
    public IReadOnlyList<(string Name, nint BufferType)> RepackBufferTypes
    {
        get
        {
            List<(string, nint)> found = [];
            if (_extraBufferTypes != null)
            {
                for (nint* next = (nint*)_extraBufferTypes(_device, 0); next != null && *next != 0; next++)
                {
                    found.Add((Marshal.PtrToStringUTF8(Functions.BufferTypeName(*next)) ?? "", *next));
                }
            }

            return found;
        }
    }

    /// <summary>Loads the libraries.</summary>
    /// <param name="folder">Where they are.</param>
    /// <exception cref="PeerException">One is missing, lacks a function, or is another version than this program knows.</exception>
    public static GgmlLibrary Load(string folder) => new(folder);

    /// <summary>Whether the backend computes a tensor with its sources in the buffers they are in.</summary>
    public bool Supports(nint tensor) => Functions.DeviceSupports(_device, tensor) != 0;

    /// <summary>Computes a graph.</summary>
    /// <exception cref="PeerException">ggml reports a failure.</exception>
    public void Compute(nint graph, int threads)
    {
        _setThreads(_backend, threads);
        int status = Functions.Compute(_backend, graph);
        if (status != 0)
        {
            throw new PeerException($"{this}: computing a graph ended with status {status}.");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"ggml {Version}";

    private nint Procedure(nint registration, string name)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(name);
        nint address = Functions.RegistrationProcedure(registration, text);
        Marshal.FreeCoTaskMem(text);
        return address;
    }

    [UnmanagedCallersOnly]
    private static void Log(int level, nint text, nint state)
    {
        if (level >= Warning)
        {
            Console.Error.Write(Marshal.PtrToStringUTF8(text));
        }
    }
}
