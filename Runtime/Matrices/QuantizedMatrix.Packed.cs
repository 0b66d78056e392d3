using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using KernelGen.Containers;

namespace KernelGen;

/// <content>
/// Packed weights as files. A file holds the panels, the side parameters, and a header that says what they are: format, layout,
/// shape, version, checksum (docs/runtime.md). Panels lie in it as in memory, so that a mapped file is used in place.
/// </content>
public unsafe partial class QuantizedMatrix
{
    /// <summary>Bytes that <see cref="SavePacked(Stream)"/> writes; where the matrix is not packed, those it would write after <see cref="Pack"/>.</summary>
    /// <exception cref="KernelTargetException">The matrix is not packed, and the environment names a target that cannot run here.</exception>
    public long PackedFileByteCount => PackedHeader.Of(Format, PackedKernels ?? TargetSelection.Select(Format), Outputs, Inputs).FileBytes;

    /// <summary>Whether the matrix has its stored rows. One opened from packed weights has panels only; see <see cref="RestoreRows"/>.</summary>
    public bool HasStoredRows => _hasRows;

    private KernelSet? PackedKernels => System.Threading.Volatile.Read(ref _panels)?.Kernels;

    /// <summary>Copies packed weights. The matrix has no stored rows.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="packed">What <see cref="SavePacked(Span{byte})"/> wrote, exactly.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    public static QuantizedMatrix LoadPacked(FormatDescriptor format, ReadOnlySpan<byte> packed, KernelTarget? target = null) =>
        new(format, PackedWeights.Copy(format, packed, target));

    /// <summary>Reads packed weights from a stream, and not a byte further. The matrix has no stored rows.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="stream">Stands where <see cref="SavePacked(Stream)"/> began.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static QuantizedMatrix LoadPacked(FormatDescriptor format, Stream stream, KernelTarget? target = null) =>
        new(format, PackedWeights.Read(format, stream, target));

    /// <summary>Maps a file of packed weights and uses them in place. The matrix has no stored rows.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="path">The file; it must not be changed while the matrix is in use.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether to read all of the file and check its checksum; the header is checked in any case.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="IOException">The file cannot be opened or mapped.</exception>
    public static QuantizedMatrix OpenPacked(FormatDescriptor format, string path, KernelTarget? target = null, bool verify = true) =>
        new(format, PackedWeights.Open(format, path, target, verify));

    /// <summary>Makes a matrix over packed weights where they are. The matrix has no stored rows.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="packed">The first byte, best at a multiple of 64; the memory stays readable and unchanged until the matrix has been disposed.</param>
    /// <param name="length">Bytes, exactly.</param>
    /// <param name="owner">Disposed with the matrix, or null; stays with the caller if this method throws.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether to read all of the bytes and check their checksum; the header is checked in any case.</param>
    /// <returns>The matrix; dispose it.</returns>
    /// <exception cref="PackedWeightsException">They do not fit or are damaged.</exception>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    public static QuantizedMatrix ViewPacked(
        FormatDescriptor format, byte* packed, long length, IDisposable? owner = null, KernelTarget? target = null, bool verify = true) =>
        new(format, PackedWeights.Check(format, packed, length, owner, target, verify));

    /// <summary>Copies packed weights if they fit.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="packed">What <see cref="SavePacked(Span{byte})"/> wrote, exactly.</param>
    /// <param name="matrix">The matrix, or null.</param>
    /// <param name="reason">What does not fit, or null.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <returns>Whether they fit.</returns>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    public static bool TryLoadPacked(
        FormatDescriptor format, ReadOnlySpan<byte> packed, [NotNullWhen(true)] out QuantizedMatrix? matrix, [NotNullWhen(false)] out string? reason, KernelTarget? target = null)
    {
        (matrix, reason) = (null, null);
        try
        {
            matrix = LoadPacked(format, packed, target);
            return true;
        }
        catch (PackedWeightsException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>Maps a file of packed weights if it is there and fits: what a cache asks before it packs and saves.</summary>
    /// <param name="format">The format they should have.</param>
    /// <param name="path">The file; it must not be changed while the matrix is in use.</param>
    /// <param name="matrix">The matrix, or null.</param>
    /// <param name="reason">What does not fit, or null.</param>
    /// <param name="target">The kernels that are to read them, or null to let <see cref="TargetSelection"/> choose.</param>
    /// <param name="verify">Whether to read all of the file and check its checksum; the header is checked in any case.</param>
    /// <returns>Whether they fit.</returns>
    /// <exception cref="KernelTargetException">The target cannot run here.</exception>
    /// <exception cref="IOException">The file is there and cannot be opened or mapped.</exception>
    public static bool TryOpenPacked(
        FormatDescriptor format, string path, [NotNullWhen(true)] out QuantizedMatrix? matrix, [NotNullWhen(false)] out string? reason, KernelTarget? target = null, bool verify = true)
    {
        (matrix, reason) = (null, null);
        try
        {
            matrix = OpenPacked(format, path, target, verify);
            return true;
        }
        catch (Exception exception) when (exception is PackedWeightsException or FileNotFoundException or DirectoryNotFoundException)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>Writes the packed weights to a file, whole or not at all: to a file beside it that takes its place once it is on the disk.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">The matrix is not packed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void SavePacked(string path) => AtomicFile.Write(path, SavePacked);

    /// <summary>Writes the packed weights.</summary>
    /// <param name="stream">Where to; <see cref="PackedFileByteCount"/> bytes are written.</param>
    /// <exception cref="InvalidOperationException">The matrix is not packed.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void SavePacked(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Enter();
        PackedPanels? panels = null;
        try
        {
            panels = HoldPanels() ?? throw new InvalidOperationException($"{this} is not packed. Call Pack before SavePacked.");
            PackedHeader header = PackedHeader.Of(Format, panels.Kernels, Outputs, Inputs);
            using NativeBuffer sides = new(header.FileBytes - header.RowSidesAt);
            Buffer.MemoryCopy(_rowSides, sides.Pointer, sides.Length, header.RowSideBytes);
            byte* tensorSide = sides.Pointer + (header.TensorSideAt - header.RowSidesAt);
            Buffer.MemoryCopy(_tensorSide, tensorSide, header.TensorSideBytes, header.TensorSideBytes);

            // All parts are multiples of 64 bytes long.
            XxHash64 checksum = new();
            checksum.Append(panels.Pointer, header.PanelsBytes);
            checksum.Append(sides.Pointer, sides.Length);
            byte[] bytes = new byte[header.HeaderBytes];
            header.Write(bytes, checksum.Finish(null, 0));
            stream.Write(bytes);
            Write(stream, panels.Pointer, header.PanelsBytes);
            Write(stream, sides.Pointer, sides.Length);
        }
        finally
        {
            panels?.Release();
            Leave();
        }

        static void Write(Stream stream, byte* bytes, long length)
        {
            for (int count; length > 0; length -= count, bytes += count)
            {
                count = (int)Math.Min(length, 1 << 26);
                stream.Write(new ReadOnlySpan<byte>(bytes, count));
            }
        }
    }

    /// <summary>Writes the packed weights.</summary>
    /// <param name="destination">Exactly <see cref="PackedFileByteCount"/> bytes.</param>
    /// <exception cref="MatrixShapeException">The span has another length.</exception>
    /// <exception cref="InvalidOperationException">The matrix is not packed.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public void SavePacked(Span<byte> destination)
    {
        MatrixShape.CheckCount(nameof(destination), destination.Length, PackedFileByteCount);
        fixed (byte* first = destination)
        {
            using UnmanagedMemoryStream stream = new(first, destination.Length, destination.Length, FileAccess.Write);
            SavePacked(stream);
        }
    }

    /// <summary>Makes a matrix with stored rows from the panels of this one: bit for bit those that were packed.</summary>
    /// <param name="threads">Most threads to use; 0 for all.</param>
    /// <returns>The matrix, not packed; dispose it. This one stays as it is.</returns>
    /// <exception cref="InvalidOperationException">The matrix is not packed.</exception>
    /// <exception cref="NotSupportedException">The format loses the sign of zero codes in panels, so that the stored bits are gone.</exception>
    /// <exception cref="ObjectDisposedException">The matrix was disposed.</exception>
    public QuantizedMatrix RestoreRows(int threads = 0)
    {
        Enter();
        PackedPanels? panels = null;
        try
        {
            panels = HoldPanels() ?? throw new InvalidOperationException($"{this} is not packed: there are no panels to restore rows from.");
            if (panels.Kernels.UnpackPanel == null)
            {
                throw new NotSupportedException($"{Format.Name} packs codes of both zeros alike: its stored rows cannot be restored from panels. Keep the stored weights.");
            }

            QuantizedMatrix restored = new(Format, Outputs, Inputs);
            Buffer.MemoryCopy(_rowSides, restored._rowSides, RowSideByteCount, RowSideByteCount);
            Buffer.MemoryCopy(_tensorSide, restored._tensorSide, TensorSideByteCount, TensorSideByteCount);
            RestoreWork work = new() { Panels = panels, PanelBytes = panels.Layout.PanelBytes(Inputs), Restored = restored };
            WorkerPool.Shared.Run(work, PanelCount(panels.Layout), threads);
            return restored;
        }
        finally
        {
            panels?.Release();
            Leave();
        }
    }

    private StoredRowsMissingException RowsMissing(string what) => new(this, what);

    /// <summary>An item is a panel.</summary>
    private struct RestoreWork : IRangeWork
    {
        public PackedPanels Panels;
        public long PanelBytes;
        public QuantizedMatrix Restored;

        public readonly void Run(long first, long end, int participant)
        {
            int rows = Panels.Layout.Rows;
            for (long panel = first; panel < end; panel++)
            {
                long row = panel * rows;
                Panels.Kernels.UnpackPanel(
                    Panels.Pointer + (panel * PanelBytes),
                    rows,
                    (int)Math.Min(rows, Restored.Outputs - row),
                    Restored.Inputs,
                    Restored._blocks + (row * Restored.RowByteCount),
                    Restored.RowByteCount);
            }
        }
    }
}
