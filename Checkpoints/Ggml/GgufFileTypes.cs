using KernelGen.Containers;

namespace KernelGen.Checkpoints;

/// <summary>
/// The metadata that llama.cpp keeps about how a model was quantized: <c>general.file_type</c>, the number of what most of its weights are,
/// and <c>general.quantization_version</c>.
/// </summary>
internal static class GgufFileTypes
{
    /// <summary>The key of the file type, a UInt32.</summary>
    public const string FileTypeKey = "general.file_type";

    /// <summary>The key of the version of ggml's quantized layouts, a UInt32.</summary>
    public const string VersionKey = "general.quantization_version";

    /// <summary>The version of the layouts that the catalogue declares.</summary>
    public const uint Version = 2;

    /// <summary>The file type of a model all of whose large weights are of one type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The number, or null where there is none (types that are for activations).</returns>
    public static uint? Of(GgmlType type) => type switch
    {
        GgmlType.F32 => 0,
        GgmlType.F16 => 1,
        GgmlType.Q4_0 => 2,
        GgmlType.Q4_1 => 3,
        GgmlType.Q8_0 => 7,
        GgmlType.Q5_0 => 8,
        GgmlType.Q5_1 => 9,
        GgmlType.Q2_K => 10,
        GgmlType.Q3_K => 11, // "small", as below: nothing in a larger type
        GgmlType.Q4_K => 14,
        GgmlType.Q5_K => 16,
        GgmlType.Q6_K => 18,
        GgmlType.IQ2_XXS => 19,
        GgmlType.IQ2_XS => 20,
        GgmlType.IQ3_XXS => 23,
        GgmlType.IQ1_S => 24,
        GgmlType.IQ4_NL => 25,
        GgmlType.IQ3_S => 26,
        GgmlType.IQ2_S => 28,
        GgmlType.IQ4_XS => 30,
        GgmlType.IQ1_M => 31,
        GgmlType.BF16 => 32,
        GgmlType.TQ1_0 => 36,
        GgmlType.TQ2_0 => 37,
        GgmlType.MXFP4 => 38,
        GgmlType.NVFP4 => 39,
        GgmlType.Q1_0 => 40,
        GgmlType.Q2_0 => 41,
        _ => null,
    };
}
