using System;
using System.Runtime.InteropServices;

namespace KernelGen.Bench.Limits;

/// <summary>Memory outside the managed heap, aligned to a cache line and written once, so that every page exists.</summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    private byte* _pointer;

    /// <summary>Allocates and fills the buffer.</summary>
    /// <param name="length">Bytes.</param>
    public NativeBuffer(long length)
    {
        Length = length;
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        NativeMemory.Fill(_pointer, (nuint)length, 0x5A);
    }

    /// <summary>Frees the buffer that was not disposed.</summary>
    ~NativeBuffer() => Free();

    /// <summary>The first byte.</summary>
    public byte* Pointer => _pointer;

    /// <summary>The size in bytes.</summary>
    public long Length { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
