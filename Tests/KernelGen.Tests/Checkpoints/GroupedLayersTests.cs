using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using KernelGen.Checkpoints;
using KernelGen.Containers;
using KernelGen.Tests.Containers;
using Xunit;

namespace KernelGen.Tests.Checkpoints;

/// <summary>Layers as GPTQ, EfficientQAT and AWQ store them, against weights decoded by the rules.</summary>
public sealed class GroupedLayersTests
{
    private const string Layer = "model.layers.0.mlp.up_proj";

    public static TheoryData<IntegerPacking, int, int, int, int, bool> Gptq
    {
        get
        {
            TheoryData<IntegerPacking, int, int, int, int, bool> cases = [];
            foreach (IntegerPacking packing in (IntegerPacking[])[IntegerPacking.Gptq, IntegerPacking.GptqV2, IntegerPacking.EfficientQat])
            {
                foreach (int bits in (int[])[2, 3, 4, 8])
                {
                    foreach (bool actOrder in (bool[])[false, true])
                    {
                        cases.Add(packing, bits, 32, 256, 32, actOrder);
                        cases.Add(packing, bits, 64, 320, 64, actOrder);
                        cases.Add(packing, bits, 32, 384, 128, actOrder);
                    }

                    cases.Add(packing, bits, 32, 288, 96, true);
                    cases.Add(packing, bits, 32, 1024, 256, false);
                    cases.Add(packing, bits, 32, 224, -1, false);
                    cases.Add(packing, bits, 32, 160, 64, true);
                    cases.Add(packing, bits, 32, 96, 128, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Gptq))]
    public void Gptq_decodes_by_the_rules(IntegerPacking packing, int bits, int outputs, int inputs, int groupSize, bool actOrder)
    {
        GroupedFile file = new GroupedFile(bits + inputs, bits, outputs, inputs, groupSize, actOrder: actOrder).PackGptq(packing);
        using IWeightMatrix matrix = Open(file, new GroupedConfig("test") { Packing = packing, Bits = bits, GroupSize = groupSize, ActOrder = actOrder });
        Assert.Equal(actOrder, matrix is GatheredMatrix);
        SameWeights(matrix, file.Weight);
        SameProducts(matrix, file.Weight);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Without_a_configuration_the_shapes_tell(int bits)
    {
        foreach (bool actOrder in (bool[])[false, true])
        {
            GroupedFile file = new GroupedFile(bits, bits, 32, 320, 64, actOrder: actOrder).PackGptq(IntegerPacking.Gptq);
            using IWeightMatrix matrix = Open(file, null);
            SameWeights(matrix, file.Weight);
        }

        GroupedFile unindexed = new GroupedFile(bits, bits, 32, 256, 64).PackGptq(IntegerPacking.Gptq, storeIndex: false);
        using IWeightMatrix other = Open(unindexed, null);
        SameWeights(other, unindexed.Weight);
    }

    [Fact]
    public void Ten_codes_to_a_word_are_found_by_the_shapes()
    {
        GroupedFile file = new GroupedFile(1, 3, 32, 320, 64).PackGptq(IntegerPacking.EfficientQat);
        using IWeightMatrix matrix = Open(file, null);
        SameWeights(matrix, file.Weight);
    }

    [Fact]
    public void Symmetric_layers_need_no_zero_points()
    {
        GroupedConfig config = new("test") { Packing = IntegerPacking.Gptq, Bits = 4, GroupSize = 32, Symmetric = true };
        GroupedFile bare = new GroupedFile(1, 4, 32, 64, 32, symmetric: true).PackGptq(IntegerPacking.Gptq, storeZeros: false);
        using (IWeightMatrix matrix = Open(bare, config))
        {
            SameWeights(matrix, bare.Weight);
        }

        GroupedFile second = new GroupedFile(1, 4, 32, 64, 32, symmetric: true).PackGptq(IntegerPacking.GptqV2);
        using (IWeightMatrix matrix = Open(second, config with { Packing = IntegerPacking.GptqV2 }))
        {
            SameWeights(matrix, second.Weight);
        }

        Refused("sym", second, config);
        Refused($"{Layer}.qzeros", bare, config with { Symmetric = false });
    }

    [Theory]
    [InlineData(32, 64, 32)]
    [InlineData(16, 320, 64)]
    [InlineData(8, 384, 128)]
    [InlineData(40, 96, -1)]
    public void Awq_decodes_by_the_rules(int outputs, int inputs, int groupSize)
    {
        GroupedFile file = new GroupedFile(inputs, 4, outputs, inputs, groupSize).PackAwq();
        foreach (GroupedConfig? config in (GroupedConfig?[])[null, new("test") { Packing = IntegerPacking.Awq, Bits = 4, GroupSize = groupSize }])
        {
            using IWeightMatrix matrix = Open(file, config);
            SameWeights(matrix, file.Weight);
            SameProducts(matrix, file.Weight);
        }
    }

    [Theory]
    [InlineData(5, 64, 32)]
    [InlineData(16, 320, 64)]
    [InlineData(7, 1152, 128)]
    [InlineData(40, 96, -1)]
    public void Awq_by_outputs_decodes_by_the_rules(int outputs, int inputs, int groupSize)
    {
        GroupedFile file = new GroupedFile(inputs, 4, outputs, inputs, groupSize).PackAwqGemv();
        GroupedConfig config = new("test") { Packing = IntegerPacking.AwqGemv, GroupSize = groupSize };
        using IWeightMatrix matrix = Open(file, config);
        SameWeights(matrix, file.Weight);
        SameProducts(matrix, file.Weight);
        Refused("bits", file, config with { Bits = 8 });
        Refused($"{Layer}.scales", file, config with { GroupSize = 4 });
        file.Tensors["qzeros"] = (SafetensorsType.I32, [outputs + 1, 1], new byte[4 * (outputs + 1)]);
        Refused($"{Layer}.qzeros", file, config);
    }

    [Theory]
    [InlineData(8, 64, 32)]
    [InlineData(4, 320, 64)]
    [InlineData(12, 384, 128)]
    [InlineData(4, 128, -1)]
    public void The_second_awq_decodes_by_the_rules(int outputs, int inputs, int groupSize)
    {
        GroupedFile file = new GroupedFile(inputs, 4, outputs, inputs, groupSize).PackAwqV2();
        using IWeightMatrix matrix = Open(file, new("test") { GroupSize = groupSize });
        SameWeights(matrix, file.WeightOfMinimum);
        SameProducts(matrix, file.WeightOfMinimum);
    }

    [Fact]
    public void The_worked_example_of_zero_points_holds()
    {
        // Zero points 0, 1, 8, 15 are stored as 15, 0, 7, 14 by the first format.
        const string Part = "qzeros";
        GroupedFile file = new GroupedFile(5, 4, 8, 32, 32).PackGptq(IntegerPacking.Gptq);
        uint[] one = [0x0070_0E70 | 0xFu | (14u << 28)];
        file.Tensors[Part] = (SafetensorsType.I32, [1, 1], MemoryMarshal.AsBytes(one.AsSpan()).ToArray());
        uint word = one[0];
        using IWeightMatrix first = Open(file, new("test") { Packing = IntegerPacking.Gptq });
        using IWeightMatrix second = Open(file, new("test") { Packing = IntegerPacking.GptqV2 });
        float[] a = new float[32];
        float[] b = new float[32];
        Half[] scales = MemoryMarshal.Cast<byte, Half>(file.Tensors["scales"].Data).ToArray();
        for (int o = 0; o < 8; o++)
        {
            first.DequantizeRow(o, a);
            second.DequantizeRow(o, b);
            int stored = (int)(word >> (4 * o)) & 15;
            int v1 = stored switch { 15 => 0, 0 => 1, 7 => 8, 14 => 15, _ => throw new InvalidOperationException() };
            uint code = (BitConverter.ToUInt32(file.Tensors["qweight"].Data, 4 * o) >> 0) & 15;
            Assert.Equal((float)scales[o] * ((int)code - v1), a[0]);
            Assert.Equal((float)scales[o] * ((int)code - stored), b[0]);
        }
    }

    [Fact]
    public void What_contradicts_itself_is_refused_by_name()
    {
        GroupedConfig config = new("quantize_config.json") { Packing = IntegerPacking.Gptq, Bits = 4, GroupSize = 32, ActOrder = false };
        Refused("group_size", Good(), config with { GroupSize = 64 });
        Refused("group_size", new GroupedFile(3, 4, 32, 96, 48).PackGptq(IntegerPacking.Gptq), config with { GroupSize = 48 });
        Refused($"{Layer}.qweight", Good(), config with { Bits = 3 });
        Refused($"{Layer}.qweight", Changed("qweight", SafetensorsType.F16, [4, 32], 256), config);
        Refused($"{Layer}.qweight", Changed("qweight", SafetensorsType.I32, [7, 32], 896), config);
        Refused($"{Layer}.scales", Without("scales"), config);
        Refused($"{Layer}.scales", Changed("scales", SafetensorsType.F16, [2, 31], 124), config);
        Refused($"{Layer}.scales", Filled("scales", 0x7C), config);
        Refused($"{Layer}.scales", Changed("scales", SafetensorsType.F32, [2, 32], 256, 0x33), config);
        Refused($"{Layer}.qzeros", Without("qzeros"), config);
        Refused($"{Layer}.qzeros", Changed("qzeros", SafetensorsType.I32, [3, 4], 48), config);
        Refused($"{Layer}.g_idx", Changed("g_idx", SafetensorsType.I64, [64], 512), config);
        Refused($"{Layer}.g_idx", Filled("g_idx", 0), config);
        Refused($"{Layer}.g_idx", Filled("g_idx", 255), config);
        Refused($"{Layer}.qweight", Changed("g_idx", SafetensorsType.I32, [63], 252), config);
        Refused("desc_act", new GroupedFile(1, 4, 32, 64, 32, actOrder: true).PackGptq(IntegerPacking.Gptq), config);
        Refused("bits", new GroupedFile(1, 4, 32, 64, 32).PackAwq(), new("c") { Packing = IntegerPacking.Awq, Bits = 8 });
        GroupedFile awq = new GroupedFile(1, 4, 32, 64, 32).PackAwq();
        awq.Tensors["qzeros"] = (SafetensorsType.I32, [2, 3], new byte[24]);
        Refused($"{Layer}.qzeros", awq, null);

        static GroupedFile Good() => new GroupedFile(1, 4, 32, 64, 32).PackGptq(IntegerPacking.Gptq);

        static GroupedFile Without(string part)
        {
            GroupedFile file = Good();
            file.Tensors.Remove(part);
            return file;
        }

        static GroupedFile Changed(string part, SafetensorsType type, long[] shape, int bytes, byte value = 0)
        {
            GroupedFile file = Good();
            file.Tensors[part] = (type, shape, [.. Enumerable.Repeat(value, bytes)]);
            return file;
        }

        static GroupedFile Filled(string part, byte value)
        {
            GroupedFile file = Good();
            Array.Fill(file.Tensors[part].Data, value);
            return file;
        }
    }

    [Theory]
    [InlineData("quantize_config.json", "{\"bits\":4,\"group_size\":64,\"desc_act\":true,\"sym\":false,\"damp_percent\":0.01}")]
    [InlineData("quantize_config.json", "{\"bits\":4,\"group_size\":64,\"checkpoint_format\":\"gptq\",\"quant_method\":\"gptq\"}")]
    [InlineData("config.json", "{\"model_type\":\"llama\",\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4,\"group_size\":64,\"desc_act\":true}}")]
    [InlineData("config.json", "{\"model_type\":\"llama\"}")]
    [InlineData("other.json", "nothing")]
    public void The_configuration_beside_the_file_is_read(string name, string text)
    {
        using TempFolder folder = new();
        GroupedFile file = new GroupedFile(7, 4, 32, 128, 64, actOrder: true).PackGptq(IntegerPacking.Gptq);
        file.Write(folder.File("model.safetensors"), Layer);
        File.WriteAllText(folder.File(name), text);
        using GroupedLayers layers = GroupedLayers.Open(folder.File("model.safetensors"));
        Assert.Equal([Layer], layers.Names);
        using IWeightMatrix matrix = layers.OpenLayer(Layer);
        SameWeights(matrix, file.Weight);
    }

    [Theory]
    [InlineData("bits", "{\"bits\":5}")]
    [InlineData("bits", "{\"bits\":\"4\"}")]
    [InlineData("bits", "{\"w_bit\":4.5}", "w_bit")]
    [InlineData("group_size", "{\"group_size\":0}")]
    [InlineData("group_size", "{\"group_size\":-2}")]
    [InlineData("desc_act", "{\"desc_act\":1}")]
    [InlineData("quant_method", "{\"quant_method\":\"bitnet\"}")]
    [InlineData("checkpoint_format", "{\"quant_method\":\"gptq\",\"checkpoint_format\":\"marlin\"}")]
    [InlineData("version", "{\"quant_method\":\"awq\",\"version\":\"marlin\"}")]
    [InlineData("the file", "{")]
    [InlineData("the file", "[]")]
    public void A_configuration_that_means_nothing_is_refused_by_its_field(string field, string text, string? named = null)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("quantize_config.json"), text);
        CheckpointException refused = Assert.Throws<CheckpointException>(() => GroupedConfig.FindBeside(folder.File("model.safetensors")));
        Assert.Equal((named ?? field, folder.File("quantize_config.json")), (refused.Field, refused.Path));
    }

    [Fact]
    public void The_second_awq_and_efficient_qat_are_named_by_configurations()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder.File("quantize_config.json"), "{\"zero_point\":true,\"q_group_size\":128,\"w_bit\":4,\"version\":\"GEMV_FAST\"}");
        GroupedConfig config = GroupedConfig.FindBeside(folder.File("x"))!;
        Assert.Equal((IntegerPacking.AwqV2, 4, 128), (config.Packing!.Value, config.Bits!.Value, config.GroupSize!.Value));
        File.WriteAllText(folder.File("quantize_config.json"), "{\"quant_method\":\"awq\",\"version\":\"gemv\"}");
        Assert.Equal(IntegerPacking.AwqGemv, GroupedConfig.FindBeside(folder.File("x"))!.Packing);
        File.WriteAllText(folder.File("quantize_config.json"), "{\"quant_method\":\"efficientqat\"}");
        Assert.Equal(IntegerPacking.EfficientQat, GroupedConfig.FindBeside(folder.File("x"))!.Packing);
        File.WriteAllText(folder.File("quantize_config.json"), "{\"checkpoint_format\":\"gptq_v2\"}");
        Assert.Equal(IntegerPacking.GptqV2, GroupedConfig.FindBeside(folder.File("x"))!.Packing);
    }

    [Fact]
    public void An_order_that_is_no_permutation_is_refused()
    {
        using QuantizedMatrix matrix = QuantizedMatrix.Create(Formats.Q4_0.Descriptor, 1, 32);
        Assert.All(
            new int[][] { [.. Enumerable.Range(0, 31)], [.. Enumerable.Range(1, 32)], [.. Enumerable.Range(0, 31), 0], [.. Enumerable.Range(-1, 32)] },
            order => Assert.Throws<MatrixShapeException>(() => new GatheredMatrix(matrix, order)));
    }

    private static IWeightMatrix Open(GroupedFile file, GroupedConfig? config)
    {
        using TempFolder folder = new();
        file.Write(folder.File("model.safetensors"), Layer);
        using GroupedLayers layers = GroupedLayers.Open(folder.File("model.safetensors"), config);
        return layers.OpenLayer(Layer);
    }

    private static void Refused(string field, GroupedFile file, GroupedConfig? config)
    {
        CheckpointException refused = Assert.Throws<CheckpointException>(() => Open(file, config).Dispose());
        Assert.Equal(field, refused.Field);
    }

    private static void SameWeights(IWeightMatrix matrix, Func<int, int, float> weight)
    {
        float[] row = new float[matrix.Inputs];
        for (int o = 0; o < matrix.Outputs; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int i = 0; i < row.Length; i++)
            {
                Assert.True(weight(o, i) == row[i], $"output {o}, input {i}: {row[i]:R} is not {weight(o, i):R}");
            }
        }
    }

    // In f64, with a bound on what f32 sums of so many terms may differ; packed and not.
    private static void SameProducts(IWeightMatrix matrix, Func<int, int, float> weight)
    {
        const int Rows = 3;
        int inputs = (int)matrix.Inputs;
        int outputs = (int)matrix.Outputs;
        float[] x = [.. Enumerable.Range(0, Rows * inputs).Select(i => MathF.Sin(i * 0.37f))];
        float[] y = new float[Rows * outputs];
        foreach (bool isPacked in (bool[])[false, true])
        {
            if (isPacked)
            {
                matrix.Pack();
            }

            Array.Fill(y, float.NaN);
            matrix.Multiply(x, Rows, y, new MultiplyOptions { Mode = ComputeMode.Float32 });
            for (int m = 0; m < Rows; m++)
            {
                for (int o = 0; o < outputs; o++)
                {
                    double sum = 0;
                    double magnitude = 0;
                    for (int i = 0; i < inputs; i++)
                    {
                        sum += (double)x[(m * inputs) + i] * weight(o, i);
                        magnitude += Math.Abs((double)x[(m * inputs) + i] * weight(o, i));
                    }

                    // Terms of scale * code and of zero points are summed apart: up to 2^8 times the weight's.
                    Assert.Equal(sum, y[(m * outputs) + o], Math.Max(1e-3, 4e-5 * magnitude));
                }
            }
        }
    }
}
