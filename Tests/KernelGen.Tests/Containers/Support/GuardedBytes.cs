using System;
using System.Runtime.InteropServices;
using KernelGen.Containers;

namespace KernelGen.Tests.Containers;

/// <summary>
/// A copy of a file image in memory whose neighbouring pages cannot be read: by default it ends exactly where they begin,
/// so that one byte too far kills the process. Without POSIX memory protection it is plain memory.
/// </summary>
internal sealed unsafe partial class GuardedBytes : IDisposable
{
    private const int ProtectNone = 0;
    private const int ProtectReadWrite = 3;
    private const int MapPrivateAnonymous = 0x22;
    private static readonly nint Page = Environment.SystemPageSize;

    private readonly byte* _block;
    private readonly nint _blockLength;

    public GuardedBytes(ReadOnlySpan<byte> image, bool atStart = false)
    {
        nint room = Math.Max(1, (image.Length + Page - 1) / Page) * Page;
        byte* start;
        if (IsGuarded)
        {
            _blockLength = room + (2 * Page);
            _block = Map(null, _blockLength, ProtectNone, MapPrivateAnonymous, -1, 0);
            if ((nint)_block == -1 || Protect(_block + Page, room, ProtectReadWrite) != 0)
            {
                throw new OutOfMemoryException("Cannot map guarded pages.");
            }

            start = _block + Page;
        }
        else
        {
            _block = (byte*)NativeMemory.AllocZeroed((nuint)room);
            start = _block;
        }

        Pointer = atStart ? start : start + room - image.Length;
        image.CopyTo(new Span<byte>(Pointer, image.Length));
        File = MappedFile.OverMemory("test image", Pointer, image.Length);
    }

    public static bool IsGuarded => OperatingSystem.IsLinux();

    public byte* Pointer { get; }

    public MappedFile File { get; }

    public void Dispose()
    {
        File.Dispose();
        if (IsGuarded)
        {
            _ = Unmap(_block, _blockLength);
        }
        else
        {
            NativeMemory.Free(_block);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(void* address, nint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nint length);
}
