using System;
using System.IO;

namespace KernelGen.Containers;

/// <summary>The bytes of a tensor that is to be written, made when their turn comes so that no more than one tensor need be in memory.</summary>
/// <param name="name">The tensor's name.</param>
/// <param name="byteCount">How many bytes its type and shape take.</param>
/// <param name="write">Writes them.</param>
internal sealed class TensorContents(string name, long byteCount, Action<Stream> write)
{
    private const int Piece = 1 << 20;

    /// <summary>How many bytes there are.</summary>
    public long ByteCount => byteCount;

    /// <summary>Bytes that lie in a mapped file.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="region">The bytes.</param>
    /// <returns>The contents.</returns>
    public static TensorContents Of(string name, MappedRegion region) => new(name, region.Length, stream =>
    {
        for (long at = 0; at < region.Length; at += Piece)
        {
            stream.Write(region.Slice(at, Math.Min(Piece, region.Length - at)).AsSpan());
        }
    });

    /// <summary>Bytes at an address.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="pointer">Gives the first byte when it is asked for.</param>
    /// <param name="byteCount">How many.</param>
    /// <returns>The contents.</returns>
    public static unsafe TensorContents Of(string name, Func<nint> pointer, long byteCount) => new(name, byteCount, stream =>
    {
        byte* first = (byte*)pointer();
        for (long at = 0; at < byteCount; at += Piece)
        {
            stream.Write(new ReadOnlySpan<byte>(first + at, (int)Math.Min(Piece, byteCount - at)));
        }
    });

    /// <summary>Writes exactly <see cref="ByteCount"/> bytes.</summary>
    /// <param name="stream">Where to.</param>
    /// <exception cref="InvalidOperationException">The tensor's writer gave more or fewer.</exception>
    public void WriteTo(Stream stream)
    {
        using Counted counted = new(stream, this, name);
        write(counted);
        if (counted.Written != byteCount)
        {
            throw new InvalidOperationException($"Tensor '{name}' takes {byteCount} bytes; only {counted.Written} were written.");
        }
    }

    /// <summary>Lets no more bytes through than the tensor has, and no other access.</summary>
    private sealed class Counted(Stream stream, TensorContents contents, string name) : Stream
    {
        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > contents.ByteCount - Written)
            {
                throw new InvalidOperationException($"Tensor '{name}' takes {contents.ByteCount} bytes; more were written.");
            }

            stream.Write(buffer);
            Written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
