using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Containers;
using Xunit;

namespace KernelGen.Tests.Containers;

/// <summary>Real files: one trained model in three containers must hold the same numbers.</summary>
public sealed class SharedModelTests
{
    [SharedFact("models")]
    public void Gguf_and_safetensors_hold_the_same_model()
    {
        using GgufFile gguf = GgufFile.Open(SharedFiles.Model("stories260K.gguf"));
        using SafetensorsFile safetensors = SafetensorsFile.Open(SharedFiles.Model("stories260K.safetensors"));
        Assert.Equal(48, gguf.Tensors.Count);
        Assert.Equal(47, safetensors.Tensors.Count);
        Assert.Equal(260_032, safetensors.Tensors.Sum(t => t.ElementCount));
        foreach (GgufTensor tensor in gguf.Tensors)
        {
            SafetensorsTensor? other = safetensors.Find(Llama2Name(tensor.Name));
            Assert.NotNull(other);
            Assert.Equal(other.Shape, tensor.Shape);
            Assert.Equal((GgmlType.F32, SafetensorsType.F32), (tensor.Type, other.Type));
            float[] values = All(tensor);
            Assert.Equal(All(other), values);
            Assert.All(values, v => Assert.InRange(v, -10f, 10f));
            Assert.Contains(values, v => v != 0);
        }
    }

    [SharedFact("models")]
    public void Safetensors_and_the_plain_checkpoint_hold_the_same_model()
    {
        const int HeaderBytes = 7 * sizeof(int);
        using SafetensorsFile file = SafetensorsFile.Open(SharedFiles.Model("stories260K.safetensors"));
        ReadOnlySpan<float> plain = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedFiles.Model("stories260K.bin")).AsSpan(HeaderBytes));
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            Assert.True(plain[..(int)tensor.ElementCount].SequenceEqual(All(tensor)), tensor.Name);
            plain = plain[(int)tensor.ElementCount..];
        }
    }

    [SharedFact("models")]
    public void Gguf_metadata_is_read()
    {
        using GgufFile file = GgufFile.Open(SharedFiles.Model("stories260K.gguf"));
        Assert.Equal((3, 32, 0L), (file.Version, file.Alignment, file.TrailingBytes));
        Assert.Equal("llama", file.Metadata["general.architecture"].AsString());
        Assert.Equal(64, file.Metadata["llama.embedding_length"].AsInt64());
        Assert.Equal(172, file.Metadata["llama.feed_forward_length"].AsInt64());
        Assert.Equal(1e-5f, file.Metadata["llama.attention.layer_norm_rms_epsilon"].AsDouble());
        string[] tokens = file.Metadata["tokenizer.ggml.tokens"].AsStrings();
        Assert.Equal(512, tokens.Length);
        Assert.Equal(["<unk>", "<s>", "</s>", "<0x00>"], tokens[..4]);
        Assert.Equal(512, file.Metadata["tokenizer.ggml.scores"].AsSpan<float>().Length);
        Assert.Equal([2, 3, 3, 6], file.Metadata["tokenizer.ggml.token_type"].AsSpan<int>()[..4].ToArray());
    }

    [SharedFact("models")]
    public void Every_float_matrix_can_be_listed_whatever_the_container()
    {
        (string Name, int Count)[] files = [("stories260K.gguf", 37), ("stories260K.safetensors", 36), ("rwkv512.safetensors", 8)];
        foreach ((string name, int count) in files)
        {
            using IModelFile file = ModelFile.Open(SharedFiles.Model(name));
            ModelTensor[] matrices = [.. file.Tensors.Where(t => t.IsMatrix && t.IsFloat)];
            Assert.Equal(count, matrices.Length);
            foreach (ModelTensor matrix in matrices)
            {
                float[] whole = All(matrix);
                var row = new float[matrix.Columns];
                Assert.True(matrix.TryReadRow(matrix.Rows - 1, row));
                Assert.Equal(whole[^row.Length..], row);
            }
        }
    }

    [SharedFact("models")]
    public void The_rwkv_matrices_have_heavy_tails()
    {
        using SafetensorsFile file = SafetensorsFile.Open(SharedFiles.Model("rwkv512.safetensors"));
        Assert.Contains("Apache-2.0", file.Metadata["source"], StringComparison.Ordinal);
        double heaviest = 0;
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            Assert.Equal([512, 512], tensor.Shape);
            float[] values = All(tensor);
            double deviation = Math.Sqrt(values.Average(v => (double)v * v));
            heaviest = Math.Max(heaviest, values.Max(Math.Abs) / deviation);
        }

        Assert.InRange(heaviest, 10, 16);
    }

    private static float[] All(ModelTensor tensor)
    {
        var values = new float[tensor.ElementCount];
        Assert.True(tensor.TryReadFloat32(values));
        return values;
    }

    private static string Llama2Name(string name)
    {
        string[] parts = name.Split('.');
        return parts switch
        {
            ["token_embd" or "output", _] => "tok_embeddings.weight",
            ["output_norm", _] => "norm.weight",
            ["blk", var layer, var part, _] => $"layers.{layer}." + part switch
            {
                "attn_q" => "attention.wq.weight",
                "attn_k" => "attention.wk.weight",
                "attn_v" => "attention.wv.weight",
                "attn_output" => "attention.wo.weight",
                "ffn_gate" => "feed_forward.w1.weight",
                "ffn_down" => "feed_forward.w2.weight",
                "ffn_up" => "feed_forward.w3.weight",
                "attn_norm" => "attention_norm.weight",
                _ => "ffn_norm.weight",
            },
            _ => throw new ArgumentException(name),
        };
    }
}
