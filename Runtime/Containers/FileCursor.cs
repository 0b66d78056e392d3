using System;
using System.Runtime.CompilerServices;

namespace KernelGen.Containers;

/// <summary>
/// Reads a mapped file from front to back. Every read is checked against the bytes that are left before a pointer or
/// span is formed; a read that does not fit is a <see cref="ModelFileException"/> at the place where it started.
/// </summary>
internal unsafe ref struct FileCursor
{
    private readonly byte* _start;

    public FileCursor(MappedFile file)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Model files are little-endian and are read in place: a little-endian machine is needed.");
        }

        File = file;
        _start = file.Pointer;
    }

    public MappedFile File { get; }

    public long Position { get; private set; }

    public readonly long Remaining => File.Length - Position;

    /// <summary>Reads one little-endian number.</summary>
    public T Read<T>(string what)
        where T : unmanaged
    {
        if (Remaining < sizeof(T))
        {
            throw Truncated(what, sizeof(T));
        }

        T value = Unsafe.ReadUnaligned<T>(_start + Position);
        Position += sizeof(T);
        return value;
    }

    /// <summary>Reads a run of bytes in place.</summary>
    public ReadOnlySpan<byte> ReadSpan(long length, string what)
    {
        if (length < 0 || length > int.MaxValue || length > Remaining)
        {
            throw Truncated(what, length);
        }

        var span = new ReadOnlySpan<byte>(_start + Position, (int)length);
        Position += length;
        return span;
    }

    public readonly ModelFileException Fail(long offset, string problem, string advice) => new(File.Path, offset, problem, advice);

    private readonly ModelFileException Truncated(string what, long needed) => Fail(
        Position,
        $"{what} needs {needed} bytes, but only {Remaining} are left.",
        "The file is truncated or damaged: fetch it again.");
}
