using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Checkpoints;
using KernelGen.Containers;
using KernelGen.Tests.Containers;
using Xunit;

namespace KernelGen.Tests.Checkpoints;

using Samples = KernelGen.Tests.Containers.Samples;

/// <summary>Models quantized into GGUF files.</summary>
public sealed class GgufExportTests
{
    [Fact]
    public void Matrices_are_quantized_norms_widened_and_the_rest_copied()
    {
        using TempFolder folder = new();
        float[] weights = [.. Enumerable.Range(0, 2 * 64).Select(i => MathF.Sin(i))];
        SafetensorsWriter source = new();
        source.SetMetadata("format", "pt");
        source.AddTensor("w", SafetensorsType.F32, [2, 64], MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
        source.AddTensor("ragged", SafetensorsType.BF16, [2, 40], Samples.Bytes(160));
        source.AddTensor("norm", SafetensorsType.F16, [3], new byte[] { 0, 0x3C, 0, 0x40, 0, 0xC2 });
        source.AddTensor("row", SafetensorsType.F32, [1, 32], new byte[128]);
        source.AddTensor("ids", SafetensorsType.I32, [2, 2], Samples.Bytes(16));
        source.Write(folder.File("in.safetensors"));
        List<string> seen = [];
        using (IModelFile model = ModelFile.Open(folder.File("in.safetensors")))
        {
            IReadOnlyList<ExportedTensor> said = GgufExport.Write(model, folder.File("out.gguf"), Formats.Q4_0.Descriptor, progress: seen.Add);
            Assert.Equal(model.Tensors.Select(t => t.Name), said.Select(t => t.Name));
            Assert.Equal(said.Select(t => t.Name), seen);
        }

        using GgufFile written = GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal(
            [("w", GgmlType.Q4_0), ("ragged", GgmlType.BF16), ("norm", GgmlType.F32), ("row", GgmlType.F32), ("ids", GgmlType.I32)],
            written.Tensors.Select(t => (t.Name, t.Type)).OrderBy(t => Array.IndexOf(["w", "ragged", "norm", "row", "ids"], t.Name)));
        Assert.Equal(("pt", 2ul), (written.Metadata["safetensors.format"].AsString(), written.Metadata["general.file_type"].AsUInt64()));
        Assert.Equal(Samples.Bytes(160), written.Find("ragged")!.Data.AsSpan().ToArray());
        Assert.Equal(Samples.Floats(1, 2, -3), written.Find("norm")!.Data.AsSpan().ToArray());
        using QuantizedMatrix expected = QuantizedMatrix.Quantize(Formats.Q4_0.Descriptor, weights, 2, 64);
        using QuantizedMatrix actual = written.Find("w")!.ViewMatrix();
        float[] a = new float[64];
        float[] b = new float[64];
        expected.DequantizeRow(1, a);
        actual.DequantizeRow(1, b);
        Assert.Equal(a, b);
    }

    [Fact]
    public void The_alignment_is_kept_and_quantized_weights_are_copied()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder.File("in.gguf"), Samples.Gguf(alignment: 256).ToArray());
        using (IModelFile model = ModelFile.Open(folder.File("in.gguf")))
        {
            GgufExport.Write(model, folder.File("out.gguf"), Formats.Q8_0.Descriptor);
        }

        using GgufFile original = GgufFile.Open(folder.File("in.gguf"));
        using GgufFile written = GgufFile.Open(folder.File("out.gguf"));
        Assert.Equal(256, written.Alignment);
        Assert.Equal(["deep"], written.Metadata["nested"].AsArrays()[1].AsStrings());
        Assert.Equal(original.Find("quantized")!.Data.AsSpan().ToArray(), written.Find("quantized")!.Data.AsSpan().ToArray());
        Assert.Equal(GgmlType.F32, written.Find("half")!.Type);
        Assert.Equal(GgmlType.I8, written.Find("cube")!.Type);
    }

    [Theory]
    [InlineData("Q4_K")]
    [InlineData("IQ2_XS")]
    [InlineData("IQ1_M")]
    public void Types_that_ggml_searches_are_searched(string name)
    {
        using TempFolder folder = new();
        FormatDescriptor format = KernelGen.Formats.FormatCatalogue.All.Single(f => f.Name == name);
        float[] weights = [.. Enumerable.Range(0, 2 * 512).Select(i => MathF.Sin(i * 1.7f) + MathF.Sin(i * 0.31f))];
        SafetensorsWriter source = new();
        source.AddTensor("w", SafetensorsType.F32, [2, 512], MemoryMarshal.AsBytes(weights.AsSpan()).ToArray());
        source.Write(folder.File("in"));
        using (IModelFile model = ModelFile.Open(folder.File("in")))
        {
            GgufExport.Write(model, folder.File("out"), format);
        }

        using GgufFile written = GgufFile.Open(folder.File("out"));
        using QuantizedMatrix expected = KernelGen.Encoders.SearchedEncoder.Encode(format, weights, 2, 512);
        using QuantizedMatrix actual = written.Find("w")!.ViewMatrix();
        float[] a = new float[512];
        float[] b = new float[512];
        for (int row = 0; row < 2; row++)
        {
            expected.DequantizeRow(row, a);
            actual.DequantizeRow(row, b);
            Assert.Equal(a, b);
        }
    }

    [Theory]
    [InlineData("Q8_K", "activations")]
    [InlineData("Q8_1", "activations")]
    [InlineData("NF4", "none of ggml's")]
    public void Formats_that_no_model_has_are_refused(string format, string said)
    {
        using TempFolder folder = new();
        using TempFile source = new(Samples.Gguf().ToArray());
        using IModelFile model = ModelFile.Open(source.Path);
        CheckpointException refused = Assert.Throws<CheckpointException>(() =>
            GgufExport.Write(model, folder.File("out.gguf"), KernelGen.Formats.FormatCatalogue.All.Single(f => f.Name == format)));
        Assert.Equal(format, refused.Field);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }

    [Fact]
    public void What_cannot_be_written_is_named_and_leaves_no_file()
    {
        Check("nan", SafetensorsType.F32, [2, 32], [.. Samples.Floats(float.NaN), .. new byte[252]]);
        Check("complex", SafetensorsType.C64, [1], new byte[8]);
        Check("none", SafetensorsType.F32, [2, 0], []);
        Check(new string('x', 64), SafetensorsType.F32, [1], new byte[4]);

        static void Check(string name, SafetensorsType type, long[] shape, byte[] data)
        {
            using TempFolder folder = new();
            SafetensorsWriter source = new();
            source.AddTensor("good", SafetensorsType.F32, [2, 32], new byte[256]);
            source.AddTensor(name, type, shape, data);
            source.Write(folder.File("in"));
            using IModelFile model = ModelFile.Open(folder.File("in"));
            CheckpointException refused = Assert.Throws<CheckpointException>(() => GgufExport.Write(model, folder.File("out"), Formats.Q8_0.Descriptor));
            Assert.Equal(name, refused.Field);
            Assert.Equal(["in"], folder.Names);
        }
    }
}
