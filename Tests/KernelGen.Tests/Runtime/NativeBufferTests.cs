using System;
using Xunit;

namespace KernelGen.Tests.Runtime;

public sealed unsafe class NativeBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000_003)]
    public void MemoryIsAlignedAndZero(long length)
    {
        using NativeBuffer buffer = new(length);
        Assert.Equal(0UL, (ulong)buffer.Pointer % NativeBuffer.Alignment);
        Assert.Equal(length, buffer.Length);
        Assert.Equal(-1, buffer.AsSpan(0, (int)length).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void MoreThanTwoGigabytesAreAddressable()
    {
        using NativeBuffer buffer = new((3L << 30) + 5);
        NativeSlice end = buffer.Slice((3L << 30) + 1, 4);
        end.AsSpan()[3] = 7;
        Assert.Equal(7, buffer.Pointer[(3L << 30) + 4]);
        Assert.Throws<OverflowException>(() => buffer.Slice().AsSpan().Length);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    [InlineData(5, -1)]
    [InlineData(1, long.MaxValue)]
    public void PartsOutsideAreRefused(long offset, long length)
    {
        using NativeBuffer buffer = new(20);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(10, 10).Slice(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(offset < 0 ? offset : offset + 10, length));
    }

    [Fact]
    public void DisposedMemoryIsOutOfReach()
    {
        NativeBuffer buffer = new(20);
        NativeSlice slice = buffer.Slice(4, 4);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.AsSpan(0, 1).Length);
        Assert.Throws<ObjectDisposedException>(() => slice.AsSpan().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NativeBuffer(-1));
    }
}
