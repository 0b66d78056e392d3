using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using KernelGen.Tests.Containers;
using KernelGen.Tests.Memory;
using Xunit;

namespace KernelGen.Tests.Runtime;

/// <summary>Packed weights saved, loaded, viewed and rejected.</summary>
public sealed unsafe class PackedWeightsTests
{
    private const int Outputs = 21;
    private const int Inputs = 70;

    [Fact]
    public void EveryWayInGivesTheProductsOfTheWayOut()
    {
        using QuantizedMatrix<FakeFormat> matrix = Packed();
        byte[] saved = Save(matrix);
        using TempFile file = new();
        matrix.SavePacked(file.Path);
        Assert.Equal(saved, File.ReadAllBytes(file.Path));
        Assert.Equal(0, BitConverter.ToInt64(saved, 16) % 64);

        using QuantizedMatrix copied = QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, saved);
        using MemoryStream stream = new([.. saved, 1, 2, 3]);
        using QuantizedMatrix read = QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, stream);
        Assert.Equal(saved.Length, stream.Position);
        using QuantizedMatrix mapped = QuantizedMatrix.OpenPacked(FakeFormat.Descriptor, file.Path);
        using QuantizedMatrix<FakeFormat> typed = QuantizedMatrix<FakeFormat>.OpenPacked(file.Path, verify: false);
        using QuantizedMatrix<FakeFormat> typedCopy = QuantizedMatrix<FakeFormat>.LoadPacked(saved);
        using GuardedMemory memory = GuardedMemory.Of<byte>(saved);
        using QuantizedMatrix viewed = QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, memory.Pointer, saved.Length);
        foreach (QuantizedMatrix other in (QuantizedMatrix[])[copied, read, mapped, typed, typedCopy, viewed])
        {
            Assert.True(other.IsPacked);
            Assert.False(other.HasStoredRows);
            Assert.Equal(matrix.PackedLayout, other.PackedLayout);
            Assert.Equal((Outputs, Inputs), (other.Outputs, other.Inputs));
            SameProducts(matrix, other);
            SameWeights(matrix, other);
            Assert.Equal(saved, Save(other));
        }

        Assert.Equal(saved.Length, matrix.PackedFileByteCount);
    }

    [Fact]
    public void RowsComeBackBitForBit()
    {
        using QuantizedMatrix<FakeFormat> matrix = Packed();
        using QuantizedMatrix loaded = QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, Save(matrix));
        using QuantizedMatrix restored = loaded.RestoreRows();
        Assert.True(restored.HasStoredRows);
        Assert.False(restored.IsPacked);
        Assert.True(new ReadOnlySpan<byte>(matrix.Blocks, (int)matrix.BlockByteCount).SequenceEqual(new ReadOnlySpan<byte>(restored.Blocks, (int)restored.BlockByteCount)));
        Assert.True(new ReadOnlySpan<byte>(matrix.RowSides, (int)matrix.RowSideByteCount).SequenceEqual(new ReadOnlySpan<byte>(restored.RowSides, (int)restored.RowSideByteCount)));
        Assert.True(new ReadOnlySpan<byte>(matrix.TensorSide, (int)matrix.TensorSideByteCount).SequenceEqual(new ReadOnlySpan<byte>(restored.TensorSide, (int)restored.TensorSideByteCount)));
        restored.Pack();
        Assert.Equal(Save(matrix), Save(restored));
    }

    [Fact]
    public void WhatNeedsStoredRowsSaysSo()
    {
        FormatDescriptor other = FakeFormat.Make(RaggedRows.Pad, t => t == KernelTarget.Scalar ? 8ul : 7ul, KernelTarget.Scalar, KernelTarget.Vector128);
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(other, Data.Random(Outputs * Inputs, 1), Outputs, Inputs);
        matrix.Pack(KernelTarget.Vector128);
        using QuantizedMatrix loaded = QuantizedMatrix.LoadPacked(other, Save(matrix), KernelTarget.Vector128);
        MultiplyOptions scalar = new() { Target = KernelTarget.Scalar };
        Assert.Throws<StoredRowsMissingException>(() => (nint)loaded.Blocks);
        Assert.Throws<StoredRowsMissingException>(() => loaded.Validate());
        Assert.Throws<StoredRowsMissingException>(loaded.Unpack);
        Assert.Throws<StoredRowsMissingException>(() => loaded.Pack(KernelTarget.Scalar));
        Assert.Throws<StoredRowsMissingException>(() => loaded.QuantizeRow(0, new float[Inputs]));
        Assert.Throws<StoredRowsMissingException>(() => loaded.DequantizeRow(0, new float[Inputs], KernelTarget.Scalar));
        StoredRowsMissingException thrown = Assert.Throws<StoredRowsMissingException>(
            () => loaded.Multiply(new float[Inputs], 1, new float[Outputs], scalar));
        Assert.Contains("Scalar", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("RestoreRows", thrown.Message, StringComparison.Ordinal);
        loaded.Pack(KernelTarget.Vector128);
        loaded.Multiply(new float[Inputs], 1, new float[Outputs], new MultiplyOptions { Target = KernelTarget.Vector128 });
    }

    [Fact]
    public void WhatDoesNotFitIsRejectedWithItsReason()
    {
        using QuantizedMatrix<FakeFormat> matrix = Packed();
        byte[] saved = Save(matrix);
        Rejected(PackedFault.NotPacked, "KGPANELS", bytes => bytes[0]++);
        Rejected(PackedFault.Version, "version 2", bytes => bytes[8] = 2);
        Rejected(PackedFault.ByteOrder, "byte order", bytes => bytes.AsSpan(12, 4).Reverse());
        Rejected(PackedFault.Header, "damaged", bytes => bytes[60]++);
        Rejected(PackedFault.Header, "damaged", bytes => bytes[16] = 1);
        Rejected(PackedFault.Format, FakeFormat.Descriptor.FullName, bytes => bytes[48]++, rehash: true);
        Rejected(PackedFault.Layout, "arrangement", bytes => bytes[72]++, rehash: true);
        Rejected(PackedFault.Sizes, "impossible shape", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), -1), rehash: true);
        Rejected(PackedFault.Sizes, "impossible shape", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), long.MaxValue), rehash: true);
        Rejected(PackedFault.Sizes, "impossible shape", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(64), long.MaxValue), rehash: true);
        Rejected(PackedFault.Sizes, "bytes in all", bytes => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), Outputs + 8), rehash: true);
        foreach (int at in (int[])[24, 80, 84, 88, 92, 96, 104, 112, 120, 128])
        {
            Rejected(PackedFault.Sizes, "packed weights say", bytes => bytes[at]++, rehash: true);
        }

        Rejected(PackedFault.Checksum, "checksum", bytes => bytes[^1]++);
        Assert.Equal(PackedFault.Truncated, Fault(saved[..^1]));
        Assert.Equal(PackedFault.Sizes, Fault([.. saved, 0]));
        Assert.Equal(PackedFault.Truncated, Fault([]));

        FormatDescriptor other = FakeFormat.Make(RaggedRows.Pad, t => t == KernelTarget.Scalar ? 8ul : 7ul, KernelTarget.Scalar, KernelTarget.Vector128);
        Assert.False(QuantizedMatrix.TryLoadPacked(other, saved, out _, out string? reason, KernelTarget.Scalar));
        Assert.Contains("Vector128", reason, StringComparison.Ordinal);
        Assert.Equal(PackedFault.Target, Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.LoadPacked(other, saved, KernelTarget.Scalar)).Fault);
        Assert.True(QuantizedMatrix.TryLoadPacked(other, saved, out QuantizedMatrix? fits, out _, KernelTarget.Vector128));
        fits.Dispose();

        void Rejected(PackedFault fault, string words, Action<byte[]> change, bool rehash = false)
        {
            byte[] changed = [.. saved];
            change(changed);
            if (rehash)
            {
                changed.AsSpan(32, 8).Clear();
                fixed (byte* first = changed)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(changed.AsSpan(32), XxHash64.Of(first, BitConverter.ToInt64(changed, 16)));
                }
            }

            PackedWeightsException thrown = Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, changed));
            Assert.Equal(fault, thrown.Fault);
            Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EveryTruncationAndEveryFlippedBitIsRejected()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(3 * 33, 1), 3, 33);
        matrix.Pack();
        byte[] saved = Save(matrix);
        for (int length = 0; length < saved.Length; length++)
        {
            using GuardedMemory cut = GuardedMemory.Of<byte>(saved.AsSpan(0, length));
            Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, cut.Pointer, length));
            Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, cut.Pointer, length, verify: false));
            using MemoryStream stream = new(saved, 0, length);
            Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, stream));
        }

        using GuardedMemory whole = GuardedMemory.Of<byte>(saved);
        int header = (int)BitConverter.ToInt64(saved, 16);
        for (int at = 0; at < saved.Length; at++)
        {
            for (int bit = 0; bit < 8; bit += at < header ? 1 : 5)
            {
                whole.Pointer[at] ^= (byte)(1 << bit);
                Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, whole.Pointer, saved.Length));
                if (at >= header)
                {
                    // Nobody looked at the panels: whatever they hold, products stay inside.
                    using QuantizedMatrix unverified = QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, whole.Pointer, saved.Length, verify: false);
                    unverified.Multiply(new float[33], 1, new float[3]);
                }

                whole.Pointer[at] ^= (byte)(1 << bit);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void HeadersWithRightChecksumsAndWrongNumbersAreRejectedOrFit(int seed)
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(3 * 33, 1), 3, 33);
        matrix.Pack();
        byte[] saved = Save(matrix);
        ulong[] interesting = [0, 1, 2, 3, 63, 64, 255, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, ulong.MaxValue];
        Random random = new(seed);
        int rejected = 0;
        for (int round = 0; round < 4000; round++)
        {
            using GuardedMemory image = GuardedMemory.Of<byte>(saved);
            for (int changes = 1 + random.Next(3); changes > 0; changes--)
            {
                int at = 16 + (4 * random.Next(34));
                ulong value = random.Next(2) == 0 ? interesting[random.Next(interesting.Length)] : (ulong)random.Next(300);
                BinaryPrimitives.WriteUInt64LittleEndian(image.Bytes[at..], value);
            }

            long header = (long)BinaryPrimitives.ReadUInt64LittleEndian(image.Bytes[16..]);
            if (header is >= PackedHeader.FixedBytes && header <= saved.Length)
            {
                image.Bytes.Slice(32, 8).Clear();
                BinaryPrimitives.WriteUInt64LittleEndian(image.Bytes[32..], XxHash64.Of(image.Pointer, header));
            }

            try
            {
                using QuantizedMatrix read = QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, image.Pointer, saved.Length, verify: false);
                read.Multiply(new float[read.Inputs], 1, new float[read.Outputs]);
            }
            catch (PackedWeightsException)
            {
                rejected++;
            }
        }

        Assert.InRange(rejected, 3000, 4000);
    }

    [Fact]
    public void FilesAreWrittenWholeOrNotAtAll()
    {
        string folder = Directory.CreateTempSubdirectory("kernelgen-").FullName;
        try
        {
            string path = Path.Combine(folder, "weights.kgp");
            using QuantizedMatrix<FakeFormat> notPacked = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(Outputs * Inputs, 1), Outputs, Inputs);
            File.WriteAllText(path, "before");
            Assert.Throws<InvalidOperationException>(() => notPacked.SavePacked(path));
            Assert.Equal("before", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(folder));

            Assert.False(QuantizedMatrix.TryOpenPacked(FakeFormat.Descriptor, path, out _, out string? reason));
            Assert.Contains("KGPANELS", reason, StringComparison.Ordinal);
            Assert.False(QuantizedMatrix.TryOpenPacked(FakeFormat.Descriptor, Path.Combine(folder, "none"), out _, out reason));
            Assert.NotEmpty(reason);

            using QuantizedMatrix<FakeFormat> matrix = Packed();
            matrix.SavePacked(path);
            Assert.Single(Directory.GetFiles(folder));
            Assert.True(QuantizedMatrix.TryOpenPacked(FakeFormat.Descriptor, path, out QuantizedMatrix? opened, out _));
            using (opened)
            {
                // The old file stays readable for those who have mapped it.
                matrix.SavePacked(path);
                SameProducts(matrix, opened);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void OwnersAreDisposedWithTheMatrixAndLeftWhereLoadingFails()
    {
        using QuantizedMatrix<FakeFormat> matrix = Packed();
        byte[] saved = Save(matrix);
        using GuardedMemory memory = GuardedMemory.Of<byte>(saved);
        using MemoryStream owner = new();
        QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, memory.Pointer, saved.Length, owner).Dispose();
        Assert.False(owner.CanRead);
        using MemoryStream kept = new();
        memory.Pointer[saved.Length - 1]++;
        Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.ViewPacked(FakeFormat.Descriptor, memory.Pointer, saved.Length, kept));
        Assert.True(kept.CanRead);
    }

    [Fact]
    public void MatricesWithoutRowsAreSavedToo()
    {
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize([], 0, Inputs);
        matrix.Pack();
        using QuantizedMatrix loaded = QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, Save(matrix));
        Assert.Equal(0, loaded.Outputs);
        loaded.Multiply(new float[Inputs], 1, []);
    }

    private static QuantizedMatrix<FakeFormat> Packed()
    {
        QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(Outputs * Inputs, 1), Outputs, Inputs);
        matrix.Pack();
        return matrix;
    }

    private static byte[] Save(QuantizedMatrix matrix)
    {
        byte[] saved = new byte[matrix.PackedFileByteCount];
        Assert.Throws<MatrixShapeException>(() => matrix.SavePacked(new byte[saved.Length - 1]));
        matrix.SavePacked(saved);
        return saved;
    }

    private static PackedFault? Fault(byte[] bytes) =>
        Assert.Throws<PackedWeightsException>(() => QuantizedMatrix.LoadPacked(FakeFormat.Descriptor, bytes)).Fault;

    private static void SameProducts(QuantizedMatrix expected, QuantizedMatrix actual)
    {
        foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
        {
            foreach (int m in (int[])[1, 2, 5])
            {
                float[] x = Data.Random(m * Inputs, m);
                float[] y = new float[m * Outputs];
                float[] z = new float[m * Outputs];
                expected.Multiply(x, m, y, new MultiplyOptions { Mode = mode });
                actual.Multiply(x, m, z, new MultiplyOptions { Mode = mode });
                Assert.Equal(y, z);
            }
        }
    }

    private static void SameWeights(QuantizedMatrix expected, QuantizedMatrix actual)
    {
        float[] all = new float[Outputs * Inputs];
        float[] some = new float[9 * (Inputs + 3)];
        fixed (float* first = all, second = some)
        {
            expected.DequantizeRows(0, Outputs, first, Inputs);
            for (int row = 0; row + 9 <= Outputs; row++)
            {
                actual.DequantizeRows(row, 9, second, Inputs + 3, threads: 1 + (row % 3));
                for (int r = 0; r < 9; r++)
                {
                    Assert.True(all.AsSpan((row + r) * Inputs, Inputs).SequenceEqual(some.AsSpan(r * (Inputs + 3), Inputs)));
                }
            }
        }
    }
}
