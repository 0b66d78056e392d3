namespace KernelGen.Containers;

/// <summary>The element types of ggml, by the number a GGUF file stores. Numbers that are missing here were retired.</summary>
public enum GgmlType : uint
{
    /// <summary>IEEE binary32.</summary>
    F32 = 0,

    /// <summary>IEEE binary16.</summary>
    F16 = 1,

    /// <summary>4-bit, blocks of 32 with a scale.</summary>
    Q4_0 = 2,

    /// <summary>4-bit, blocks of 32 with a scale and a minimum.</summary>
    Q4_1 = 3,

    /// <summary>5-bit, blocks of 32 with a scale.</summary>
    Q5_0 = 6,

    /// <summary>5-bit, blocks of 32 with a scale and a minimum.</summary>
    Q5_1 = 7,

    /// <summary>8-bit, blocks of 32 with a scale.</summary>
    Q8_0 = 8,

    /// <summary>8-bit, blocks of 32 with a scale and a sum; used for activations.</summary>
    Q8_1 = 9,

    /// <summary>2-bit, blocks of 256.</summary>
    Q2_K = 10,

    /// <summary>3-bit, blocks of 256.</summary>
    Q3_K = 11,

    /// <summary>4-bit, blocks of 256.</summary>
    Q4_K = 12,

    /// <summary>5-bit, blocks of 256.</summary>
    Q5_K = 13,

    /// <summary>6-bit, blocks of 256.</summary>
    Q6_K = 14,

    /// <summary>8-bit, blocks of 256; used for activations.</summary>
    Q8_K = 15,

    /// <summary>2.06 bits per weight, codebook.</summary>
    IQ2_XXS = 16,

    /// <summary>2.31 bits per weight, codebook.</summary>
    IQ2_XS = 17,

    /// <summary>3.06 bits per weight, codebook.</summary>
    IQ3_XXS = 18,

    /// <summary>1.56 bits per weight, codebook.</summary>
    IQ1_S = 19,

    /// <summary>4-bit non-linear, blocks of 32.</summary>
    IQ4_NL = 20,

    /// <summary>3.44 bits per weight, codebook.</summary>
    IQ3_S = 21,

    /// <summary>2.56 bits per weight, codebook.</summary>
    IQ2_S = 22,

    /// <summary>4-bit non-linear, blocks of 256.</summary>
    IQ4_XS = 23,

    /// <summary>Signed 8-bit integer.</summary>
    I8 = 24,

    /// <summary>Signed 16-bit integer.</summary>
    I16 = 25,

    /// <summary>Signed 32-bit integer.</summary>
    I32 = 26,

    /// <summary>Signed 64-bit integer.</summary>
    I64 = 27,

    /// <summary>IEEE binary64.</summary>
    F64 = 28,

    /// <summary>1.75 bits per weight, codebook.</summary>
    IQ1_M = 29,

    /// <summary>The upper half of an IEEE binary32.</summary>
    BF16 = 30,

    /// <summary>Ternary, five values per byte.</summary>
    TQ1_0 = 34,

    /// <summary>Ternary, four values per byte.</summary>
    TQ2_0 = 35,

    /// <summary>4-bit float, blocks of 32 with a power-of-two scale.</summary>
    MXFP4 = 39,

    /// <summary>4-bit float, blocks of 64 with four 8-bit float scales.</summary>
    NVFP4 = 40,

    /// <summary>1-bit, blocks of 128 with a scale.</summary>
    Q1_0 = 41,

    /// <summary>2-bit, blocks of 64 with a scale.</summary>
    Q2_0 = 42,
}
