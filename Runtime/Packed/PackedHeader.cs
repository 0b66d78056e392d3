using System;
using System.Buffers.Binary;
using System.Text;

namespace KernelGen;

/// <summary>
/// What stands before packed panels in a file. All numbers are little-endian; docs/runtime.md has the table. The header is
/// a multiple of 64 bytes long, and so are the panels: in a mapped file every panel is aligned as in memory.
/// </summary>
internal readonly unsafe struct PackedHeader
{
    /// <summary>The version this library writes and reads.</summary>
    public const int Version = 1;

    /// <summary>Bytes before the format's name.</summary>
    public const int FixedBytes = 152;

    /// <summary>The longest header that is read.</summary>
    public const int MostBytes = 4096;

    private const int ChecksumAt = 32;
    private const ulong Magic = 0x53_4C_45_4E_41_50_47_4B; // "KGPANELS"

    // As the machine that packed has it in memory: panels are in its byte order.
    private static readonly uint ByteOrderMark = BitConverter.IsLittleEndian ? 0x01020304u : 0x04030201u;

    private PackedHeader(FormatDescriptor format, KernelSet kernels, long outputs, long inputs, long? headerBytes = null)
    {
        PanelLayout layout = kernels.Panel;
        Name = Encoding.UTF8.GetBytes(format.FullName);
        Name = Name.Length <= MostBytes - FixedBytes ? Name : Name[..(MostBytes - FixedBytes)];
        LayoutHash = format.LayoutHash;
        Target = kernels.Target;
        Layout = layout;
        Outputs = outputs;
        Inputs = inputs;
        HeaderBytes = headerBytes ?? Up(FixedBytes + Name.Length);
        PanelBytes = layout.PanelBytes(inputs);
        PanelsBytes = checked((outputs + layout.Rows - 1) / layout.Rows * PanelBytes);
        RowSidesAt = checked(HeaderBytes + PanelsBytes);
        RowSideBytes = checked(outputs * format.RowSideBytes);
        TensorSideAt = checked(RowSidesAt + Up(RowSideBytes));
        TensorSideBytes = format.MatrixSideBytes(inputs);
        FileBytes = checked(TensorSideAt + Up(TensorSideBytes));
    }

    /// <summary>The format's full name, UTF-8.</summary>
    public byte[] Name { get; }

    /// <summary>The hash of the format's stored layout.</summary>
    public ulong LayoutHash { get; }

    /// <summary>The kernels that packed.</summary>
    public KernelTarget Target { get; }

    /// <summary>The layout of the panels.</summary>
    public PanelLayout Layout { get; }

    /// <summary>Rows O.</summary>
    public long Outputs { get; }

    /// <summary>Row length I.</summary>
    public long Inputs { get; }

    /// <summary>Where the panels start.</summary>
    public long HeaderBytes { get; }

    /// <summary>Bytes of a panel.</summary>
    public long PanelBytes { get; }

    /// <summary>Bytes of all panels.</summary>
    public long PanelsBytes { get; }

    /// <summary>Where the side parameters by row start.</summary>
    public long RowSidesAt { get; }

    /// <summary>Bytes of the side parameters by row.</summary>
    public long RowSideBytes { get; }

    /// <summary>Where the side parameters of the matrix start.</summary>
    public long TensorSideAt { get; }

    /// <summary>Bytes of the side parameters of the matrix.</summary>
    public long TensorSideBytes { get; }

    /// <summary>Bytes of everything.</summary>
    public long FileBytes { get; }

    /// <summary>The header of a matrix.</summary>
    /// <param name="format">The format.</param>
    /// <param name="kernels">Kernels whose panels they are.</param>
    /// <param name="outputs">Rows O.</param>
    /// <param name="inputs">Row length I.</param>
    /// <returns>The header.</returns>
    public static PackedHeader Of(FormatDescriptor format, KernelSet kernels, long outputs, long inputs) => new(format, kernels, outputs, inputs);

    /// <summary>Writes the header.</summary>
    /// <param name="bytes"><see cref="HeaderBytes"/> bytes.</param>
    /// <param name="checksum">The checksum of all that follows it.</param>
    public void Write(Span<byte> bytes, ulong checksum)
    {
        bytes.Clear();
        Put64(bytes, 0, Magic);
        Put32(bytes, 8, Version);
        Put32(bytes, 12, ByteOrderMark);
        Put64(bytes, 16, (ulong)HeaderBytes);
        Put64(bytes, 24, (ulong)FileBytes);
        Put64(bytes, 40, checksum);
        Put64(bytes, 48, LayoutHash);
        Put64(bytes, 56, (ulong)Outputs);
        Put64(bytes, 64, (ulong)Inputs);
        Put64(bytes, 72, Layout.Arrangement);
        Put32(bytes, 80, (uint)Layout.Rows);
        Put32(bytes, 84, (uint)Layout.BlockInputs);
        Put32(bytes, 88, (uint)Layout.BlockBytes);
        Put32(bytes, 92, (uint)Layout.HeaderBytes);
        Put64(bytes, 96, (ulong)PanelBytes);
        Put64(bytes, 104, (ulong)RowSidesAt);
        Put64(bytes, 112, (ulong)RowSideBytes);
        Put64(bytes, 120, (ulong)TensorSideAt);
        Put64(bytes, 128, (ulong)TensorSideBytes);
        Put32(bytes, 136, (uint)Target);
        Put32(bytes, 140, (uint)Name.Length);
        Name.CopyTo(bytes[FixedBytes..]);
        fixed (byte* first = bytes)
        {
            Put64(bytes, ChecksumAt, XxHash64.Of(first, HeaderBytes));
        }
    }

    /// <summary>How long the header is, once its beginning is known to be one that this library reads.</summary>
    /// <param name="bytes">The first bytes, <see cref="FixedBytes"/> of them.</param>
    /// <returns>Bytes of the header.</returns>
    /// <exception cref="PackedWeightsException">It is none.</exception>
    public static int Begin(ReadOnlySpan<byte> bytes)
    {
        Span<byte> magic = stackalloc byte[8];
        Put64(magic, 0, Magic);
        int known = Math.Min(bytes.Length, magic.Length);
        if (!bytes[..known].SequenceEqual(magic[..known]))
        {
            throw new PackedWeightsException(PackedFault.NotPacked, "These are no packed weights: they do not begin with KGPANELS. Give a file that SavePacked wrote.");
        }

        Need(bytes.Length, FixedBytes);
        if (Get32(bytes, 12) != ByteOrderMark)
        {
            throw new PackedWeightsException(PackedFault.ByteOrder, "The packed weights have another byte order than this library reads. Pack the weights again.");
        }

        if (Get32(bytes, 8) != Version)
        {
            throw new PackedWeightsException(PackedFault.Version, $"The packed weights have version {Get32(bytes, 8)}; this library reads version {Version}. Pack the weights again.");
        }

        ulong header = Get64(bytes, 16);
        if (header < FixedBytes || header > MostBytes || header % NativeBuffer.Alignment != 0)
        {
            throw Damaged();
        }

        return (int)header;
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="bytes">The whole header, as long as <see cref="Begin"/> says.</param>
    /// <param name="format">The format it should have.</param>
    /// <param name="kernels">The kernels that are to read the panels.</param>
    /// <param name="checksum">The checksum of all that follows.</param>
    /// <returns>The header, of which every number is what format, kernels and shape make it.</returns>
    /// <exception cref="PackedWeightsException">It does not fit.</exception>
    public static PackedHeader Read(ReadOnlySpan<byte> bytes, FormatDescriptor format, KernelSet kernels, out ulong checksum)
    {
        byte[] copy = bytes.ToArray();
        Put64(copy, ChecksumAt, 0);
        fixed (byte* first = copy)
        {
            if (XxHash64.Of(first, copy.Length) != Get64(bytes, ChecksumAt))
            {
                throw Damaged();
            }
        }

        checksum = Get64(bytes, 40);
        if (Get64(bytes, 48) != format.LayoutHash)
        {
            int length = (int)Math.Min(Get32(bytes, 140), (uint)(bytes.Length - FixedBytes));
            string name = Encoding.UTF8.GetString(bytes.Slice(FixedBytes, length));
            throw new PackedWeightsException(
                PackedFault.Format, $"The packed weights are in {name} (layout {Get64(bytes, 48):X16}), not in {format.FullName} (layout {format.LayoutHash:X16}). Pack weights of that format.");
        }

        CheckArrangement(Get64(bytes, 72), format, kernels);
        PackedHeader expected;
        try
        {
            long outputs = (long)Get64(bytes, 56);
            long inputs = (long)Get64(bytes, 64);
            MatrixShape.RowBytes(format, outputs, inputs);
            expected = new PackedHeader(format, kernels, outputs, inputs, bytes.Length);
        }
        catch (Exception exception) when (exception is MatrixShapeException or OverflowException)
        {
            throw new PackedWeightsException(PackedFault.Sizes, $"The packed weights have an impossible shape: {exception.Message}");
        }

        Size(bytes, 24, expected.FileBytes, "bytes in all");
        Size(bytes, 80, (uint)expected.Layout.Rows | ((long)expected.Layout.BlockInputs << 32), "rows in a panel and inputs in a packed block");
        Size(bytes, 88, (uint)expected.Layout.BlockBytes | ((long)expected.Layout.HeaderBytes << 32), "bytes of a packed block and before it");
        Size(bytes, 96, expected.PanelBytes, "bytes in a panel");
        Size(bytes, 104, expected.RowSidesAt, "as the place of the side parameters by row");
        Size(bytes, 112, expected.RowSideBytes, "bytes of side parameters by row");
        Size(bytes, 120, expected.TensorSideAt, "as the place of the side parameters of the matrix");
        Size(bytes, 128, expected.TensorSideBytes, "bytes of side parameters of the matrix");
        return expected;
    }

    /// <summary>Throws where there are fewer bytes than needed.</summary>
    /// <param name="length">Bytes there are.</param>
    /// <param name="needed">Bytes needed.</param>
    /// <exception cref="PackedWeightsException">There are fewer.</exception>
    public static void Need(long length, long needed)
    {
        if (length < needed)
        {
            throw new PackedWeightsException(PackedFault.Truncated, $"The packed weights end after {length} bytes; {needed} are needed. Write them again.");
        }
    }

    private static long Up(long bytes) => checked(bytes + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;

    private static void CheckArrangement(ulong arrangement, FormatDescriptor format, KernelSet kernels)
    {
        if (arrangement == kernels.Panel.Arrangement)
        {
            return;
        }

        foreach (KernelSet other in format.Kernels)
        {
            if (other.Panel.Arrangement == arrangement)
            {
                throw new PackedWeightsException(
                    PackedFault.Target,
                    $"The packed weights are panels of {other.Panel.Rows} rows, as the {other.Target} kernels read them; the {kernels.Target} kernels chosen read panels of {kernels.Panel.Rows}. Pack the weights again, or name a target of that family.");
            }
        }

        throw new PackedWeightsException(
            PackedFault.Layout, $"The packed weights are panels (arrangement {arrangement:X16}) that no kernels of {format.Name} in this program read. Pack the weights again.");
    }

    private static void Size(ReadOnlySpan<byte> bytes, int at, long expected, string what)
    {
        if ((long)Get64(bytes, at) != expected)
        {
            throw new PackedWeightsException(PackedFault.Sizes, $"The packed weights say {(long)Get64(bytes, at)} {what} where their shape and format make it {expected}. Write them again.");
        }
    }

    private static PackedWeightsException Damaged() =>
        new(PackedFault.Header, "The header of the packed weights is damaged: its checksum or length is wrong. Write them again.");

    private static ulong Get64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static uint Get32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void Put64(Span<byte> bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes[at..], value);

    private static void Put32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);
}
