using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace KernelGen.Tests.Memory;

/// <summary>
/// Memory whose end (or start) coincides with an inaccessible page, so that a kernel that reads or writes one byte too far
/// crashes the test run instead of passing. Plain memory where the operating system is not Linux.
/// </summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    /// <summary>Bytes of the largest mapping that is kept, and how many of each size are.</summary>
    private const int Largest = 1 << 20, Most = 16;

    private static readonly nuint s_page = (nuint)Environment.SystemPageSize;

    /// <summary>Mappings to use again, by size: making one costs more than most tests of a kernel.</summary>
    [ThreadStatic]
    private static Dictionary<nuint, Stack<nint>>? s_free;

    private readonly nint _mapping;
    private readonly nuint _mapped;
    private bool _isDisposed;

    private GuardedMemory(long length, bool guardAfter)
    {
        Length = length;
        if (!OperatingSystem.IsLinux())
        {
            _mapping = (nint)NativeMemory.AllocZeroed((nuint)length + 1);
            Pointer = (byte*)_mapping;
            return;
        }

        nuint body = ((nuint)length + s_page - 1) / s_page * s_page;
        _mapped = body + (2 * s_page);
        bool isUsed = Free(_mapped).TryPop(out _mapping);
        if (!isUsed)
        {
            _mapping = MemoryMap(0, _mapped, ReadWrite, PrivateAnonymous, -1, 0);
            if (_mapping == -1
                || MemoryProtect(_mapping, s_page, 0) != 0
                || MemoryProtect(_mapping + (nint)(s_page + body), s_page, 0) != 0)
            {
                throw new OutOfMemoryException($"No guarded memory of {length} bytes.");
            }
        }

        byte* start = (byte*)_mapping + s_page;
        if (isUsed)
        {
            NativeMemory.Clear(start, body);
        }

        Pointer = guardAfter ? start + body - length : start;
    }

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Bytes that may be touched.</summary>
    public long Length { get; }

    /// <summary>The bytes as a span.</summary>
    public Span<byte> Bytes => new(Pointer, checked((int)Length));

    /// <summary>The first byte as a float.</summary>
    public float* Floats => (float*)Pointer;

    /// <summary>Zeroed memory that ends where an inaccessible page begins; its start is as unaligned as its length.</summary>
    public static GuardedMemory BeforeGuard(long length) => new(length, guardAfter: true);

    /// <summary>Zeroed memory that begins where an inaccessible page ends.</summary>
    public static GuardedMemory AfterGuard(long length) => new(length, guardAfter: false);

    /// <summary>A copy that ends where an inaccessible page begins.</summary>
    public static GuardedMemory Of<T>(ReadOnlySpan<T> content)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(content);
        GuardedMemory memory = BeforeGuard(bytes.Length);
        bytes.CopyTo(memory.Bytes);
        return memory;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_mapped == 0)
        {
            NativeMemory.Free((void*)_mapping);
        }
        else if (_mapped <= Largest && Free(_mapped) is { Count: < Most } free)
        {
            free.Push(_mapping);
        }
        else
        {
            _ = MemoryUnmap(_mapping, _mapped);
        }
    }

    private static Stack<nint> Free(nuint size)
    {
        s_free ??= [];
        if (!s_free.TryGetValue(size, out Stack<nint>? free))
        {
            free = new();
            s_free.Add(size, free);
        }

        return free;
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint MemoryMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int MemoryProtect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static extern int MemoryUnmap(nint address, nuint length);
}
