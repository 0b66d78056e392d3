using System;
using System.IO;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

public sealed unsafe class MappedFileTests
{
    [Fact]
    public void Bytes_are_those_of_the_file()
    {
        byte[] contents = Samples.Bytes(10_000);
        using var temp = new TempFile(contents);
        using MappedFile file = MappedFile.Open(temp.Path);
        Assert.Equal(10_000, file.Length);
        Assert.Equal(contents, file.Whole.AsSpan().ToArray());
        Assert.Equal(contents[5000..5010], file.Slice(5000, 10).AsSpan().ToArray());
        Assert.Equal(contents[5003], *file.Slice(5000, 10).Slice(3, 7).Pointer);
        Assert.Equal(5003, file.Slice(5000, 10).Slice(3, 7).Offset);
        Assert.Same(file, file.Slice(0, 1).Owner);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(0, 101)]
    [InlineData(100, 1)]
    [InlineData(101, 0)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void Slices_outside_are_refused(long offset, long length)
    {
        using var temp = new TempFile(new byte[100]);
        using MappedFile file = MappedFile.Open(temp.Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(offset, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(0, 100).Slice(offset, length));
    }

    [Fact]
    public void A_region_cannot_be_left_through_its_parent()
    {
        using var temp = new TempFile(new byte[100]);
        using MappedFile file = MappedFile.Open(temp.Path);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(10, 10).Slice(5, 6));
        Assert.Equal(0, file.Slice(100, 0).Length);
    }

    [Fact]
    public void An_empty_file_has_no_bytes()
    {
        using var temp = new TempFile();
        using MappedFile file = MappedFile.Open(temp.Path);
        Assert.Equal(0, file.Length);
        Assert.True(file.Pointer is null);
        Assert.True(file.Whole.AsSpan().IsEmpty);
        foreach (Func<string, IModelFile> open in new Func<string, IModelFile>[] { GgufFile.Open, SafetensorsFile.Open, ModelFile.Open })
        {
            ModelFileException e = Assert.Throws<ModelFileException>(() => open(temp.Path));
            Assert.Equal(temp.Path, e.Path);
            Assert.Contains("empty", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_left_after_Dispose()
    {
        using var temp = new TempFile(new byte[100]);
        MappedFile file = MappedFile.Open(temp.Path);
        MappedRegion region = file.Slice(1, 2);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nint)file.Pointer);
        Assert.Throws<ObjectDisposedException>(() => (nint)region.Pointer);
    }

    [LinuxFact]
    public void Dispose_unmaps_the_file()
    {
        using var temp = new TempFile(Samples.Gguf().ToArray());
        using (ModelFile.Open(temp.Path))
        {
            Assert.Contains(temp.Path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(temp.Path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_region_is_empty()
    {
        MappedRegion region = default;
        Assert.True(region.AsSpan().IsEmpty);
        Assert.Equal(0, region.Slice(0, 0).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Slice(0, 1));
    }

    [Fact]
    public void A_rejected_file_is_not_kept_open()
    {
        using var temp = new TempFile([1, 2, 3]);
        Assert.Throws<ModelFileException>(() => ModelFile.Open(temp.Path));
        using FileStream stream = new(temp.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void A_missing_file_is_an_ordinary_error() =>
        Assert.Throws<FileNotFoundException>(() => ModelFile.Open(Path.Combine(Path.GetTempPath(), "kernelgen-no-such-file")));

    [LinuxFact]
    public void A_file_larger_than_4_GB_is_read_to_its_end()
    {
        const ulong Rows = 70_000;
        using var temp = new TempFile(new GgufImage()
            .Tensor("big", (uint)GgmlType.F16, [32768, Rows], [], 0)
            .Tensor("small", (uint)GgmlType.F32, [2], [], 32768 * 2 * Rows).ToArray());
        using (FileStream stream = new(temp.Path, FileMode.Open, FileAccess.Write))
        {
            stream.Position = stream.Length + (long)(32768 * 2 * Rows) - 2;
            stream.Write([0x00, 0x3C, .. Samples.Floats(7, 8)]);
        }

        using IModelFile file = ModelFile.Open(temp.Path);
        ModelTensor big = file.Tensors[0];
        Assert.Equal(32768 * 2 * (long)Rows, big.Data.Length);
        Assert.Throws<InvalidOperationException>(() => big.Data.AsSpan().Length);
        var row = new float[32768];
        Assert.True(big.TryReadRow(big.Rows - 1, row));
        Assert.Equal(1, row[^1]);
        Assert.Equal(0, row[^2]);
        Assert.True(file.Tensors[1].TryReadFloat32(row.AsSpan(0, 2)));
        Assert.Equal([7f, 8f], row[..2]);
    }
}
