using System;
using System.Runtime.InteropServices;

namespace KernelGen;

/// <summary>
/// Native memory aligned to 64 bytes, zero when made, of any length. Freed by <see cref="Dispose"/>, or by the runtime once
/// nothing refers to it; large buffers should be disposed, because the garbage collector does not see their size.
/// </summary>
public sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>Every buffer starts at a multiple of this many bytes.</summary>
    public const int Alignment = 64;

    private readonly BufferHandle _handle;
    private readonly byte* _start;

    /// <summary>Allocates a buffer.</summary>
    /// <param name="length">Bytes, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such memory.</exception>
    public NativeBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;

        // Not AlignedAlloc and a clear: the zeroed allocation takes fresh pages from the system and leaves them untouched.
        void* memory = NativeMemory.AllocZeroed(checked((nuint)length + Alignment));
        _handle = new BufferHandle(memory);
        _start = (byte*)(((nuint)memory + Alignment - 1) & ~(nuint)(Alignment - 1));
    }

    /// <summary>Bytes in the buffer.</summary>
    public long Length { get; }

    /// <summary>Whether the buffer was disposed.</summary>
    public bool IsDisposed => _handle.IsClosed;

    /// <summary>The first byte. Keep the buffer reachable while the pointer is in use (<see cref="GC.KeepAlive"/>).</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _start;
        }
    }

    /// <summary>The whole buffer as a slice.</summary>
    /// <returns>Bytes [0, Length).</returns>
    public NativeSlice Slice() => new(this, 0, Length);

    /// <summary>A part of the buffer.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The slice, which keeps the buffer reachable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the buffer.</exception>
    public NativeSlice Slice(long offset, long length) => new(this, offset, length);

    /// <summary>A part of the buffer as a span.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>The span; keep the buffer reachable while it is in use.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie inside the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public Span<byte> AsSpan(long offset, int length)
    {
        CheckRange(offset, length);
        return new Span<byte>(Pointer + offset, length);
    }

    /// <summary>
    /// Frees the memory, or lets whoever holds it (see <see cref="Hold"/>) free it on release. Disposing twice is harmless.
    /// </summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Keeps the memory from being freed until <see cref="Release"/>, even if the buffer is disposed meanwhile.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    internal void Hold()
    {
        bool held = false;
        _handle.DangerousAddRef(ref held);
    }

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    internal void Release() => _handle.DangerousRelease();

    /// <summary>Checks that a part lies inside the buffer.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes.</param>
    internal void CheckRange(long offset, long length)
    {
        if ((ulong)offset > (ulong)Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The buffer has {Length} bytes.");
        }

        if ((ulong)length > (ulong)(Length - offset))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The buffer has {Length - offset} bytes from offset {offset} on.");
        }
    }

    private sealed class BufferHandle : SafeHandle
    {
        public BufferHandle(void* memory)
            : base(0, ownsHandle: true) => SetHandle((nint)memory);

        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            NativeMemory.Free((void*)handle);
            return true;
        }
    }
}
