using System;
using System.IO;
using System.Linq;
using KernelGen.Checkpoints;
using KernelGen.Containers;
using KernelGen.Formats;
using KernelGen.Tests.Containers;
using Xunit;

namespace KernelGen.Tests.Checkpoints;

using Samples = KernelGen.Tests.Containers.Samples;

/// <summary>The types of GGUF files as matrices.</summary>
public sealed class GgmlFormatsTests
{
    private static readonly GgmlType[] NoWeights = [GgmlType.I8, GgmlType.I16, GgmlType.I32, GgmlType.I64, GgmlType.F64];

    public static TheoryData<GgmlType> AllTypes => [.. GgmlTypeInfo.All.Select(type => type.Type)];

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void Every_type_of_weights_is_a_declared_format(GgmlType type)
    {
        GgmlTypeInfo info = GgmlTypeInfo.Get(type);
        FormatDescriptor? format = GgmlFormats.Find(type);
        Assert.Equal(NoWeights.Contains(type), format is null);
        if (format is not null)
        {
            Assert.Equal(info.Name, format.Name);
            Assert.Equal(7L * info.BlockBytes, format.RowBytes(7L * info.BlockLength));
            Assert.Equal(type, GgmlFormats.TypeOf(format));
        }
    }

    [Theory]
    [MemberData(nameof(AllTypes))]
    public void A_tensor_of_every_type_opens_by_its_number_and_decodes(GgmlType type)
    {
        GgmlTypeInfo info = GgmlTypeInfo.Get(type);
        int columns = 2 * info.BlockLength;
        byte[] bytes = Samples.Bytes(3 * 2 * 2 * info.BlockBytes);
        GgufImage image = new GgufImage().Tensor("other", GgmlType.I8, [3], new byte[3]).Tensor("w", type, [(ulong)columns, 2, 3], bytes);
        using TempFile written = new(image.ToArray());
        using GgufFile file = GgufFile.Open(written.Path);
        GgufTensor tensor = file.Find("w")!;
        if (NoWeights.Contains(type))
        {
            CheckpointException refused = Assert.Throws<CheckpointException>(() => tensor.ViewMatrix());
            Assert.Equal(("w", written.Path), (refused.Field, refused.Path));
            return;
        }

        using QuantizedMatrix matrix = tensor.ViewMatrix();
        Assert.Equal((6L, (long)columns, true), (matrix.Outputs, matrix.Inputs, matrix.IsView));
        using QuantizedMatrix copy = QuantizedMatrix.FromBlocks(FormatCatalogue.All.Single(f => f.Name == info.Name), 6, columns, bytes);
        float[] row = new float[columns];
        float[] expected = new float[columns];
        for (int r = 0; r < 6; r++)
        {
            matrix.DequantizeRow(r, row);
            copy.DequantizeRow(r, expected);
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), row.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [SharedFact("models")]
    public void A_model_is_exported_with_its_metadata()
    {
        using TempFolder folder = new();
        string path = folder.File("out.gguf");
        using IModelFile model = ModelFile.Open(SharedFiles.Model("stories260K.gguf"));
        GgufExport.Write(model, path, Formats.Q8_0.Descriptor);
        using GgufFile written = GgufFile.Open(path);
        GgufFile original = (GgufFile)model;
        Assert.Equal(original.Tensors.Select(t => t.Name), written.Tensors.Select(t => t.Name));
        Assert.Equal(original.Metadata.Keys.Union(["general.quantization_version", "general.file_type"]), written.Metadata.Keys);
        Assert.All(original.Metadata.Where(m => m.Key != "general.file_type"), m => Assert.Equal(m.Value.ToString(), written.Metadata[m.Key].ToString()));
        Assert.Equal((7ul, 2ul), (written.Metadata["general.file_type"].AsUInt64(), written.Metadata["general.quantization_version"].AsUInt64()));
        foreach (GgufTensor tensor in written.Tensors)
        {
            GgufTensor from = original.Find(tensor.Name)!;
            bool isQuantized = tensor.IsMatrix && tensor.Columns % 32 == 0;
            Assert.Equal(isQuantized ? GgmlType.Q8_0 : GgmlType.F32, tensor.Type);
            if (!isQuantized)
            {
                Assert.Equal(from.Data.AsSpan().ToArray(), tensor.Data.AsSpan().ToArray());
            }
        }
    }
}
