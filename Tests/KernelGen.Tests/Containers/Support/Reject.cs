using System;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>Opens an image that must be rejected, at exactly one place, for a reason the message names.</summary>
internal static class Reject
{
    public static void Gguf(byte[] image, long offset, string reason) => Check(image, offset, reason, file => GgufFile.Read(file));

    public static void Safetensors(byte[] image, long offset, string reason) => Check(image, offset, reason, file => SafetensorsFile.Read(file));

    public static void Any(byte[] image, long offset, string reason) => Check(image, offset, reason, file => ModelFile.Read(file));

    private static void Check(byte[] image, long offset, string reason, Action<MappedFile> open)
    {
        using var bytes = new GuardedBytes(image);
        ModelFileException e = Assert.Throws<ModelFileException>(() => open(bytes.File));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Equal(offset, e.Offset);
        Assert.Equal("test image", e.Path);
        Assert.StartsWith($"test image, byte {offset}: ", e.Message, StringComparison.Ordinal);
    }
}
