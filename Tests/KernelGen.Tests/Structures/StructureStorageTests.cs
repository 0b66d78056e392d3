using System;
using System.Linq;
using System.Text;
using KernelGen.Containers;
using KernelGen.Tests.Containers;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Structures;

/// <summary>Structured matrices in safetensors files.</summary>
public sealed class StructureStorageTests
{
    public static TheoryData<string> Names => StructureCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_matrix_comes_back_bit_for_bit(string name)
    {
        StructureCase first = StructureCase.Make(name, 5, 77, new Random(3));
        StructureCase second = StructureCase.Make(name, 3, 40, new Random(4));
        using TempFolder folder = new();
        string path = folder.File("layers.safetensors");
        using (StructuredMatrix a = first.Load())
        using (StructuredMatrix b = second.Load())
        {
            SafetensorsWriter writer = new();
            using TensorSet held = writer.AddMatrix("layers.0.up", a);
            using TensorSet other = writer.AddMatrix("layers.0.upper", b);
            writer.Write(path);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        Same(first, file.LoadMatrix("layers.0.up", first.Descriptor));
        Same(second, file.LoadMatrix("layers.0.upper", second.Descriptor));

        static void Same(StructureCase expected, StructuredMatrix loaded)
        {
            using StructuredMatrix matrix = loaded;
            using TensorSet before = expected.Tensors();
            using TensorSet after = matrix.ToTensors();
            Assert.Equal(before.Tensors.Count, after.Tensors.Count);
            Assert.All(before.Tensors, tensor =>
            {
                Assert.Equal(tensor.Info.ToString(), after[tensor.Info.Name].Info.ToString());
                Assert.Equal(tensor.AsSpan().ToArray(), after[tensor.Info.Name].AsSpan().ToArray());
            });
        }
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said()
    {
        StructureDescriptor format = KernelCase.Structures.Single(s => s.Name == "Ptq161");
        StructureDescriptor another = KernelCase.Structures.Single(s => s.Name == "OneBit");
        StructureCase stored = StructureCase.Make(format.FullName, 4, 24, new Random(5));
        using TempFolder folder = new();
        string path = folder.File("x.safetensors");
        using (StructuredMatrix matrix = stored.Load())
        {
            SafetensorsWriter writer = new();
            using TensorSet held = writer.AddMatrix("w", matrix);
            writer.Write(path);
        }

        byte[] image = System.IO.File.ReadAllBytes(path);
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            Assert.Contains("'v'", Assert.Throws<ModelFileException>(() => file.LoadMatrix("v", format)).Message, StringComparison.Ordinal);
            Assert.Contains("mean something else", Assert.Throws<ModelFileException>(() => file.LoadMatrix("w", another)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("expected was", Damaged<ModelFileException>("4 x 24", "4 y 24"), StringComparison.Ordinal);
        Assert.Contains("does not describe", Damaged<ModelFileException>("UInt1 [24]", "UInt1 [99]"), StringComparison.Ordinal);
        Assert.Contains("does not describe", Damaged<ModelFileException>("UInt1 [24]", "UInt1 (24)"), StringComparison.Ordinal);
        Assert.Contains("mask", Damaged<StoredTensorException>("4 x 24", "4 x 22"), StringComparison.Ordinal);
        Assert.Contains("parts.", Damaged<StoredTensorException>("4 x 24", "5 x 24"), StringComparison.Ordinal);

        string Damaged<TException>(string from, string to)
            where TException : Exception
        {
            int at = image.AsSpan().IndexOf(Encoding.UTF8.GetBytes(from));
            byte[] changed = [.. image];
            Encoding.UTF8.GetBytes(to).CopyTo(changed, at);
            using TempFile written = new(changed);
            using SafetensorsFile file = SafetensorsFile.Open(written.Path);
            return Assert.Throws<TException>(() => file.LoadMatrix("w", format)).Message;
        }
    }
}
