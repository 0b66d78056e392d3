using System;

namespace KernelGen;

/// <summary>
/// The constant table that the codes index: 2^b values in code order, taken as f32, the same for every matrix of the format.
/// </summary>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class CodebookAttribute : Attribute
{
    /// <summary>A table given in full.</summary>
    /// <param name="values">2^b values in code order.</param>
    public CodebookAttribute(params double[] values) => Values = values;

    /// <summary>A table that is computed from the code width.</summary>
    /// <param name="family">The family of tables.</param>
    public CodebookAttribute(CodebookFamily family)
    {
        Family = family;
        Values = [];
    }

    /// <summary>The values, empty where a family is named.</summary>
    public double[] Values { get; }

    /// <summary>The family, <see cref="CodebookFamily.Explicit"/> where the values are given.</summary>
    public CodebookFamily Family { get; }
}

/// <summary>Families of constant tables; the member's size follows from the code width.</summary>
public enum CodebookFamily
{
    /// <summary>The values are given in the attribute.</summary>
    Explicit,

    /// <summary>
    /// NormalFloat-b: quantiles of the normal distribution, asymmetric around an exact zero, normalised to [-1, 1] (QLoRA;
    /// bitsandbytes for b = 4, the same construction for other widths).
    /// </summary>
    NormalFloat,

    /// <summary>The signed dynamic map of 8 bits (8-bit optimizers, QLoRA's second level): seven decades of both signs, 0 and 1; the least is -0.993.</summary>
    Dynamic,

    /// <summary>The unsigned dynamic map of 8 bits: seven decades, 0 and 1.</summary>
    DynamicUnsigned,

    /// <summary>
    /// A sign bit above an exponent field e: 2^(e - (2^(b - 2) - 1)) for b bits, without a zero (logarithmic formats).
    /// </summary>
    PowersOfTwo,
}
