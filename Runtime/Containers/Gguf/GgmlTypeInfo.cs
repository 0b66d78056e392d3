using System;
using System.Collections.Generic;

namespace KernelGen.Containers;

/// <summary>The storage of one ggml type: a row is a run of blocks, each a fixed number of elements in a fixed number of bytes.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">Its name.</param>
/// <param name="BlockLength">Elements per block.</param>
/// <param name="BlockBytes">Bytes per block.</param>
public readonly record struct GgmlTypeInfo(GgmlType Type, string Name, int BlockLength, int BlockBytes)
{
    private static readonly GgmlTypeInfo[] Table =
    [
        new(GgmlType.F32, "F32", 1, 4),
        new(GgmlType.F16, "F16", 1, 2),
        new(GgmlType.Q4_0, "Q4_0", 32, 18),
        new(GgmlType.Q4_1, "Q4_1", 32, 20),
        new(GgmlType.Q5_0, "Q5_0", 32, 22),
        new(GgmlType.Q5_1, "Q5_1", 32, 24),
        new(GgmlType.Q8_0, "Q8_0", 32, 34),
        new(GgmlType.Q8_1, "Q8_1", 32, 36),
        new(GgmlType.Q2_K, "Q2_K", 256, 84),
        new(GgmlType.Q3_K, "Q3_K", 256, 110),
        new(GgmlType.Q4_K, "Q4_K", 256, 144),
        new(GgmlType.Q5_K, "Q5_K", 256, 176),
        new(GgmlType.Q6_K, "Q6_K", 256, 210),
        new(GgmlType.Q8_K, "Q8_K", 256, 292),
        new(GgmlType.IQ2_XXS, "IQ2_XXS", 256, 66),
        new(GgmlType.IQ2_XS, "IQ2_XS", 256, 74),
        new(GgmlType.IQ3_XXS, "IQ3_XXS", 256, 98),
        new(GgmlType.IQ1_S, "IQ1_S", 256, 50),
        new(GgmlType.IQ4_NL, "IQ4_NL", 32, 18),
        new(GgmlType.IQ3_S, "IQ3_S", 256, 110),
        new(GgmlType.IQ2_S, "IQ2_S", 256, 82),
        new(GgmlType.IQ4_XS, "IQ4_XS", 256, 136),
        new(GgmlType.I8, "I8", 1, 1),
        new(GgmlType.I16, "I16", 1, 2),
        new(GgmlType.I32, "I32", 1, 4),
        new(GgmlType.I64, "I64", 1, 8),
        new(GgmlType.F64, "F64", 1, 8),
        new(GgmlType.IQ1_M, "IQ1_M", 256, 56),
        new(GgmlType.BF16, "BF16", 1, 2),
        new(GgmlType.TQ1_0, "TQ1_0", 256, 54),
        new(GgmlType.TQ2_0, "TQ2_0", 256, 66),
        new(GgmlType.MXFP4, "MXFP4", 32, 17),
        new(GgmlType.NVFP4, "NVFP4", 64, 36),
        new(GgmlType.Q1_0, "Q1_0", 128, 18),
        new(GgmlType.Q2_0, "Q2_0", 64, 18),
    ];

    /// <summary>Every known type, by number.</summary>
    public static IReadOnlyList<GgmlTypeInfo> All { get; } = Array.AsReadOnly(Table);

    internal FloatEncoding Encoding => Type switch
    {
        GgmlType.F32 => FloatEncoding.Float32,
        GgmlType.F16 => FloatEncoding.Float16,
        GgmlType.BF16 => FloatEncoding.BFloat16,
        _ => FloatEncoding.None,
    };

    /// <summary>Looks a type up by the number a file stores.</summary>
    /// <param name="id">The number.</param>
    /// <param name="info">The type's storage, if the number is known.</param>
    /// <returns>Whether the number is known.</returns>
    public static bool TryGet(uint id, out GgmlTypeInfo info)
    {
        foreach (GgmlTypeInfo candidate in Table)
        {
            if ((uint)candidate.Type == id)
            {
                info = candidate;
                return true;
            }
        }

        info = default;
        return false;
    }

    /// <summary>The storage of a type.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not a known type.</exception>
    public static GgmlTypeInfo Get(GgmlType type) => TryGet((uint)type, out GgmlTypeInfo info)
        ? info
        : throw new ArgumentOutOfRangeException(nameof(type), type, "Not a known ggml type.");
}
