namespace KernelGen.Containers;

/// <summary>The element types of safetensors.</summary>
public enum SafetensorsType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>4-bit float with 2 exponent bits and 1 mantissa bit, two per byte.</summary>
    F4,

    /// <summary>6-bit float with 2 exponent bits and 3 mantissa bits, four in three bytes.</summary>
    F6E2M3,

    /// <summary>6-bit float with 3 exponent bits and 2 mantissa bits, four in three bytes.</summary>
    F6E3M2,

    /// <summary>Unsigned 8-bit integer.</summary>
    U8,

    /// <summary>Signed 8-bit integer.</summary>
    I8,

    /// <summary>8-bit float with 5 exponent bits and 2 mantissa bits.</summary>
    F8E5M2,

    /// <summary>8-bit float with 4 exponent bits and 3 mantissa bits, without infinities.</summary>
    F8E4M3,

    /// <summary>8-bit power of two.</summary>
    F8E8M0,

    /// <summary>8-bit float with 4 exponent bits and 3 mantissa bits, without infinities or a negative zero.</summary>
    F8E4M3Fnuz,

    /// <summary>8-bit float with 5 exponent bits and 2 mantissa bits, without infinities or a negative zero.</summary>
    F8E5M2Fnuz,

    /// <summary>Signed 16-bit integer.</summary>
    I16,

    /// <summary>Unsigned 16-bit integer.</summary>
    U16,

    /// <summary>IEEE binary16.</summary>
    F16,

    /// <summary>The upper half of an IEEE binary32.</summary>
    BF16,

    /// <summary>Signed 32-bit integer.</summary>
    I32,

    /// <summary>Unsigned 32-bit integer.</summary>
    U32,

    /// <summary>IEEE binary32.</summary>
    F32,

    /// <summary>Complex number of two IEEE binary32.</summary>
    C64,

    /// <summary>IEEE binary64.</summary>
    F64,

    /// <summary>Signed 64-bit integer.</summary>
    I64,

    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
}
