using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace KernelGen.Tests.Containers;

/// <summary>Appends little-endian values to a growing file image.</summary>
internal sealed class ByteWriter
{
    private readonly MemoryStream _stream = new();

    public int Position => (int)_stream.Length;

    public ByteWriter Raw(params byte[] bytes)
    {
        _stream.Write(bytes);
        return this;
    }

    public ByteWriter Text(string text) => Raw(Encoding.UTF8.GetBytes(text));

    public ByteWriter Put<T>(T value)
        where T : unmanaged
        => Raw(MemoryMarshal.AsBytes(new[] { value }.AsSpan()).ToArray());

    public ByteWriter String(string text) => String(Encoding.UTF8.GetBytes(text));

    public ByteWriter String(byte[] text) => Put((ulong)text.Length).Raw(text);

    public ByteWriter Pad(int alignment)
    {
        while (Position % alignment != 0)
        {
            Raw(0);
        }

        return this;
    }

    public byte[] ToArray() => _stream.ToArray();
}
