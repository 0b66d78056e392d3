using System;

namespace KernelGen.Containers;

/// <summary>The name and storage of each element type of safetensors. Types narrower than a byte fill whole bytes in small blocks.</summary>
internal static class SafetensorsTypeInfo
{
    private static readonly (SafetensorsType Type, ElementLayout Layout)[] Table =
    [
        (SafetensorsType.Bool, new("BOOL", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F4, new("F4", FloatEncoding.None, 2, 1)),
        (SafetensorsType.F6E2M3, new("F6_E2M3", FloatEncoding.None, 4, 3)),
        (SafetensorsType.F6E3M2, new("F6_E3M2", FloatEncoding.None, 4, 3)),
        (SafetensorsType.U8, new("U8", FloatEncoding.None, 1, 1)),
        (SafetensorsType.I8, new("I8", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F8E5M2, new("F8_E5M2", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F8E4M3, new("F8_E4M3", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F8E8M0, new("F8_E8M0", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F8E4M3Fnuz, new("F8_E4M3FNUZ", FloatEncoding.None, 1, 1)),
        (SafetensorsType.F8E5M2Fnuz, new("F8_E5M2FNUZ", FloatEncoding.None, 1, 1)),
        (SafetensorsType.I16, new("I16", FloatEncoding.None, 1, 2)),
        (SafetensorsType.U16, new("U16", FloatEncoding.None, 1, 2)),
        (SafetensorsType.F16, new("F16", FloatEncoding.Float16, 1, 2)),
        (SafetensorsType.BF16, new("BF16", FloatEncoding.BFloat16, 1, 2)),
        (SafetensorsType.I32, new("I32", FloatEncoding.None, 1, 4)),
        (SafetensorsType.U32, new("U32", FloatEncoding.None, 1, 4)),
        (SafetensorsType.F32, new("F32", FloatEncoding.Float32, 1, 4)),
        (SafetensorsType.C64, new("C64", FloatEncoding.None, 1, 8)),
        (SafetensorsType.F64, new("F64", FloatEncoding.None, 1, 8)),
        (SafetensorsType.I64, new("I64", FloatEncoding.None, 1, 8)),
        (SafetensorsType.U64, new("U64", FloatEncoding.None, 1, 8)),
    ];

    public static bool TryGet(string name, out SafetensorsType type, out ElementLayout layout)
    {
        foreach ((SafetensorsType Type, ElementLayout Layout) row in Table)
        {
            if (row.Layout.Name == name)
            {
                (type, layout) = row;
                return true;
            }
        }

        (type, layout) = (default, default);
        return false;
    }

    public static ElementLayout Get(SafetensorsType type)
    {
        foreach ((SafetensorsType Type, ElementLayout Layout) row in Table)
        {
            if (row.Type == type)
            {
                return row.Layout;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type of safetensors.");
    }
}
