using System;
using System.Collections.Generic;

namespace KernelGen.Conformance.Examples;

/// <summary>Which examples are checked, how, and what the others lack.</summary>
internal static class ExampleTable
{
    /// <summary>Examples that are encoded and decoded by generated code.</summary>
    public static IReadOnlyDictionary<string, Action<Example, Comparison>> Exact { get; } =
        new Dictionary<string, Action<Example, Comparison>>(StringComparer.Ordinal)
        {
            ["int4_asym_g16"] = UniformExamples.Int4Asym,
            ["int2_asym_g16"] = UniformExamples.Int2Asym,
            ["int4_asym_allpositive"] = UniformExamples.Int4AllPositive,
            ["int4_asym_allpositive_gptq"] = UniformExamples.Int4AllPositiveGptq,
            ["int4_sym_g16"] = UniformExamples.Int4Sym,
            ["int4_sym_g16_fp16scale"] = UniformExamples.Int4SymHalf,
            ["int8_token_sym"] = UniformExamples.Int8Token,
            ["mesa_head"] = UniformExamples.Mesa,
            ["fixed_8_7"] = UniformExamples.Fixed7,
            ["fixed_8_5"] = UniformExamples.Fixed5,
            ["bfp_w4_b16"] = SharedExponentExamples.Bfp4,
            ["bfp_w4_pow2_edge"] = SharedExponentExamples.Bfp4,
            ["bfp_w6_b16"] = SharedExponentExamples.Bfp6,
            ["mxint8"] = SharedExponentExamples.MxInt8,
            ["mxfp4_e2m1"] = SharedExponentExamples.MxFp4,
            ["mxfp6_e2m3"] = SharedExponentExamples.MxFp6E2M3,
            ["mxfp6_e3m2"] = SharedExponentExamples.MxFp6E3M2,
            ["nf4_block"] = CodebookExamples.NF4,
            ["nf3_block"] = CodebookExamples.NF3,
            ["nf2_block"] = CodebookExamples.NF2,
            ["kvquant_key"] = CodebookExamples.KvQuant,
            ["bnb_fp4_block"] = CodebookExamples.BnbFp4,
            ["llmfp4_e2m1"] = CodebookExamples.FpqE2M1,
            ["llmfp4_e1m2"] = CodebookExamples.FpqE1M2,
            ["llmfp4_e3m0"] = CodebookExamples.FpqE3M0,
            ["dynamic8_block"] = CodebookExamples.Dynamic8,
            ["dynamic8_block_unsigned"] = CodebookExamples.Dynamic8Unsigned,
            ["dynamic8_maps"] = CodebookExamples.Dynamic8Maps,
            ["denseshift_3bit"] = CodebookExamples.DenseShift,
            ["apot_levels"] = CodebookExamples.Apot,
            ["bebr_u1"] = CodebookExamples.Bebr,
            ["bitnet_absmean"] = TernaryExamples.BitNet,
            ["i2s_block128"] = TernaryExamples.I2S,
            ["tmac_lut_gemv"] = TernaryExamples.TMac,
            ["pack_4bit"] = PackingExamples.FourBit,
            ["onebit_svid"] = StructureExamples.OneBit,
            ["ptq161_init"] = StructureExamples.Ptq161Init,
            ["ptq161_trained"] = StructureExamples.Ptq161Trained,
            ["fbi_column"] = StructureExamples.FbiColumn,
            ["fdb_init"] = StructureExamples.Fdb,
            ["fdb_tuned"] = StructureExamples.Fdb,
            ["int3_asym_per_ic"] = StructureExamples.PerInput,
            ["trilm_mp2"] = StructureExamples.TriLm,
            ["lmb_order2"] = StructureExamples.Lmb,
            ["bitstack_3levels"] = StructureExamples.BitStack,
            ["adapter_1bit"] = CodebookExamples.Adapter1,
            ["adapter_2bit"] = CodebookExamples.Adapter2,
            ["anda_m4"] = SharedExponentExamples.Anda4,
            ["anda_m6"] = SharedExponentExamples.Anda6,
            ["arb_first_order"] = TernaryExamples.SignsFitted,
            ["binary_row_mean"] = TernaryExamples.SignsWithMean,
            ["bitnet_absmedian"] = TernaryExamples.BitNetMedian,
            ["bl_w4_b16"] = SharedExponentExamples.BlockLog,
            ["bm_e4m3_aligned"] = SharedExponentExamples.BlockMiniFloatAligned,
            ["bm_e4m3_ref"] = SharedExponentExamples.BlockMiniFloatReference,
            ["dmf_8_e4"] = CodebookExamples.Dmf,
            ["gptq_zero_v1_v2"] = PackingExamples.GptqZeros,
            ["log_w4"] = CodebookExamples.Log4,
            ["minifloat_e2m1_ref"] = CodebookExamples.MiniFloatE2M1,
            ["minifloat_e4m3_ref"] = CodebookExamples.MiniFloatE4M3,
            ["mxfp8_e4m3"] = SharedExponentExamples.MxFp8E4M3,
            ["mxfp8_e5m2"] = SharedExponentExamples.MxFp8E5M2,
            ["ternary_packings"] = TernaryExamples.Packings,
            ["bitmod_fp3"] = CodebookExamples.BitModFp3,
            ["bitmod_fp4"] = CodebookExamples.BitModFp4,
            ["qserve_progressive"] = UniformExamples.QServe,
            ["dgq_a8w4"] = UniformExamples.Dgq,
            ["pack_3bit"] = PackingExamples.ThreeBit,
            ["qlora_double_quant"] = NestedScaleExamples.DoubleQuant,
            ["lqlora_nf3"] = NestedScaleExamples.LqLora,
            ["claq_columns"] = StructureExamples.ColumnTables,
            ["jlcm_groups"] = StructureExamples.RowGroups,
        };

    /// <summary>Examples whose stored form can be declared but whose encoder cannot: packed from their codes, then decoded.</summary>
    public static IReadOnlyDictionary<string, Action<Example, Comparison>> DecodeOnly { get; } =
        new Dictionary<string, Action<Example, Comparison>>(StringComparer.Ordinal)
        {
            ["nupes_w4_a05"] = CodebookExamples.PowerQuant,
        };

    /// <summary>What the other examples, and the encoders of <see cref="DecodeOnly"/>, need and the language does not have.</summary>
    public static IReadOnlyDictionary<string, string> Missing { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["aqlm_2x2_g4"] = "sums of learned vector codebooks",
        ["arb_rc"] = "outer product of row and column scales",
        ["billm_block"] = "partition by a mask of salient columns and of magnitude groups",
        ["binary_2of4"] = "N:M sparsity",
        ["binarymos_forward"] = "token-mixed row and column scales",
        ["channel_disassembly"] = "expansion of input channels",
        ["e8p_decode"] = "a slice that is the parity of others, and rotation",
        ["e8p_encode"] = "a slice that is the parity of others, and rotation",
        ["hadamard_int4"] = "rotation of the inputs",
        ["int2_plus_rank1"] = "low-rank terms",
        ["kv_projection"] = "low-rank projection",
        ["nupes_w4_a05"] = "rounding in the mapped domain",
        ["pbllm_mag"] = "partition by a mask of single weights",
        ["slim_mixed_groups"] = "code widths that vary by group",
        ["smoothing_folds"] = "column scales folded into the activations",
        ["sparse_2of4"] = "N:M sparsity",
        ["squeezellm_row"] = "sparse outliers; the learned codebook per row is supported",
        ["topk_excl_e1m2"] = "outliers kept apart",
        ["vptq_v4"] = "learned vector codebooks along the outputs",
    };
}
