using System;
using System.IO;
using KernelGen.Containers;

namespace KernelGen;

/// <summary>Packed weights in memory that have passed every check.</summary>
internal readonly unsafe struct PackedWeights
{
    private PackedWeights(PackedHeader header, KernelSet kernels, byte* bytes, IDisposable? owner)
    {
        Header = header;
        Kernels = kernels;
        Bytes = bytes;
        Owner = owner;
    }

    /// <summary>The header.</summary>
    public PackedHeader Header { get; }

    /// <summary>The kernels that read the panels.</summary>
    public KernelSet Kernels { get; }

    /// <summary>The first byte of the header.</summary>
    public byte* Bytes { get; }

    /// <summary>Disposed with the matrix, or null.</summary>
    public IDisposable? Owner { get; }

    /// <summary>Checks packed weights in memory.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="bytes">The first byte.</param>
    /// <param name="length">Bytes, exactly.</param>
    /// <param name="owner">Disposed with the matrix.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether the checksum of the panels is computed.</param>
    /// <returns>The weights.</returns>
    /// <exception cref="PackedWeightsException">They do not fit.</exception>
    public static PackedWeights Check(FormatDescriptor format, byte* bytes, long length, IDisposable? owner, KernelTarget? target, bool verify)
    {
        KernelSet kernels = TargetSelection.Select(format, target);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > 0)
        {
            ArgumentNullException.ThrowIfNull(bytes);
        }

        int headerBytes = PackedHeader.Begin(new ReadOnlySpan<byte>(bytes, (int)Math.Min(length, PackedHeader.FixedBytes)));
        PackedHeader.Need(length, headerBytes);
        PackedHeader header = PackedHeader.Read(new ReadOnlySpan<byte>(bytes, headerBytes), format, kernels, out ulong checksum);
        PackedHeader.Need(length, header.FileBytes);
        if (length > header.FileBytes)
        {
            throw new PackedWeightsException(PackedFault.Sizes, $"{length - header.FileBytes} bytes follow the packed weights, which end after {header.FileBytes}. Give exactly what SavePacked wrote.");
        }

        if (verify && XxHash64.Of(bytes + headerBytes, length - headerBytes) != checksum)
        {
            throw new PackedWeightsException(PackedFault.Checksum, "The packed weights are damaged: their checksum is wrong. Write them again.");
        }

        return new PackedWeights(header, kernels, bytes, owner);
    }

    /// <summary>Copies packed weights.</summary>
    /// <inheritdoc cref="Check"/>
    public static PackedWeights Copy(FormatDescriptor format, ReadOnlySpan<byte> bytes, KernelTarget? target)
    {
        fixed (byte* first = bytes)
        {
            Check(format, first, bytes.Length, null, target, verify: true);
        }

        NativeBuffer copy = new(bytes.Length);
        bytes.CopyTo(copy.AsSpan(0, bytes.Length));
        return Check(format, copy.Pointer, bytes.Length, copy, target, verify: false);
    }

    /// <summary>Reads packed weights from where a stream stands to their end, and not a byte further.</summary>
    /// <inheritdoc cref="Check"/>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static PackedWeights Read(FormatDescriptor format, Stream stream, KernelTarget? target)
    {
        ArgumentNullException.ThrowIfNull(stream);
        KernelSet kernels = TargetSelection.Select(format, target);
        byte[] header = new byte[PackedHeader.MostBytes];
        int read = stream.ReadAtLeast(header.AsSpan(0, PackedHeader.FixedBytes), PackedHeader.FixedBytes, throwOnEndOfStream: false);
        int headerBytes = PackedHeader.Begin(header.AsSpan(0, read));
        read += stream.ReadAtLeast(header.AsSpan(read, headerBytes - read), headerBytes - read, throwOnEndOfStream: false);
        PackedHeader.Need(read, headerBytes);
        long total = PackedHeader.Read(header.AsSpan(0, headerBytes), format, kernels, out _).FileBytes;
        if (stream.CanSeek)
        {
            PackedHeader.Need(stream.Length - stream.Position + headerBytes, total);
        }

        NativeBuffer buffer = new(total);
        try
        {
            header.AsSpan(0, headerBytes).CopyTo(buffer.AsSpan(0, headerBytes));
            for (long at = headerBytes; at < total;)
            {
                int count = stream.Read(buffer.AsSpan(at, (int)Math.Min(total - at, 1 << 26)));
                PackedHeader.Need(count == 0 ? at : total, total);
                at += count;
            }

            return Check(format, buffer.Pointer, total, buffer, target, verify: true);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Maps a file of packed weights, which are used in place.</summary>
    /// <inheritdoc cref="Check"/>
    /// <param name="format">The format they should have.</param>
    /// <param name="path">The file.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether the checksum of the panels is computed.</param>
    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    public static PackedWeights Open(FormatDescriptor format, string path, KernelTarget? target, bool verify)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return Check(format, file.Pointer, file.Length, file, target, verify);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
