namespace KernelGen;

/// <summary>The stored type of a scale, minimum or zero point. Every type decodes to f32 exactly unless it says otherwise.</summary>
public enum ScalarType
{
    /// <summary>IEEE binary32.</summary>
    Float32,

    /// <summary>IEEE binary16.</summary>
    Float16,

    /// <summary>The upper half of a binary32.</summary>
    BFloat16,

    /// <summary>OCP MX scale: 8 bits E, value 2^(E-127); 255 is NaN.</summary>
    E8M0,

    /// <summary>A plain 8-bit exponent E, value 2^(E-127), 255 included (block floating point, ggml's MXFP4).</summary>
    Exponent8,

    /// <summary>An unsigned integer of 1 bit.</summary>
    UInt1,

    /// <summary>An unsigned integer of 2 bits.</summary>
    UInt2,

    /// <summary>An unsigned integer of 3 bits.</summary>
    UInt3,

    /// <summary>An unsigned integer of 4 bits.</summary>
    UInt4,

    /// <summary>An unsigned integer of 5 bits.</summary>
    UInt5,

    /// <summary>An unsigned integer of 6 bits.</summary>
    UInt6,

    /// <summary>An unsigned integer of 7 bits.</summary>
    UInt7,

    /// <summary>An unsigned integer of 8 bits.</summary>
    UInt8,

    /// <summary>A two's complement integer of 4 bits.</summary>
    Int4,

    /// <summary>A two's complement integer of 6 bits.</summary>
    Int6,

    /// <summary>A two's complement integer of 8 bits.</summary>
    Int8,

    /// <summary>A two's complement integer of 16 bits.</summary>
    Int16,

    /// <summary>An unsigned integer of 16 bits: an index. Not for parameters.</summary>
    UInt16,

    /// <summary>An unsigned integer of 32 bits: an index. Not for parameters.</summary>
    UInt32,
}
