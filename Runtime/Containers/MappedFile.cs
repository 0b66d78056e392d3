using System;
using System.IO;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace KernelGen.Containers;

/// <summary>
/// A file mapped read-only into memory. Nothing is read until it is touched, and files larger than 2 GB are fine.
/// </summary>
/// <remarks>
/// <para>The file must not be changed or truncated while it is mapped: the operating system answers a read of pages
/// that are gone with a fault that no program can catch.</para>
/// <para>After <see cref="Dispose"/> every pointer taken from the file is invalid. A file that is never disposed stays
/// mapped until the process ends, so a forgotten pointer never dangles.</para>
/// </remarks>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly SafeMemoryMappedViewHandle? _handle;
    private byte* _pointer;
    private bool _disposed;

    private MappedFile(string path, MemoryMappedFile? map, MemoryMappedViewAccessor? view, long length)
    {
        Path = path;
        Length = length;
        _map = map;
        _view = view;
        if (view is not null)
        {
            _handle = view.SafeMemoryMappedViewHandle;
            byte* start = null;
            _handle.AcquirePointer(ref start);
            _pointer = start + view.PointerOffset;
        }
    }

    private MappedFile(string path, byte* pointer, long length)
    {
        Path = path;
        Length = length;
        _pointer = pointer;
    }

    /// <summary>The path the file was opened with.</summary>
    public string Path { get; }

    /// <summary>The length of the file in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>The first byte of the file; null when the file is empty.</summary>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pointer;
        }
    }

    /// <summary>The whole file as a region.</summary>
    public MappedRegion Whole => new(this, 0, Length);

    /// <summary>Maps a file. An empty file is mapped as a length of zero.</summary>
    /// <param name="path">The file to open; it may be open for reading elsewhere.</param>
    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    public static MappedFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        MemoryMappedFile? map = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            long length = stream.Length;
            if (length == 0)
            {
                stream.Dispose();
                return new MappedFile(path, null, null, 0);
            }

            map = MemoryMappedFile.CreateFromFile(
                stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new MappedFile(path, map, view, length);
        }
        catch
        {
            view?.Dispose();
            map?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Looks at memory that someone else owns as if it were a mapped file.</summary>
    internal static MappedFile OverMemory(string path, byte* pointer, long length) => new(path, pointer, length);

    /// <summary>A part of the file.</summary>
    /// <param name="offset">The first byte, from the start of the file.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the file.</exception>
    public MappedRegion Slice(long offset, long length) => Whole.Slice(offset, length);

    /// <summary>Unmaps the file. Every pointer and span taken from it becomes invalid.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _pointer = null;
        _handle?.ReleasePointer();
        _view?.Dispose();
        _map?.Dispose();
    }
}
