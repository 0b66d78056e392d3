using System;

namespace KernelGen;

/// <summary>
/// What scales, minima and zero points have in common: a stored type, an extent, and an affine transform. A parameter whose
/// extent is the block or smaller is a field of the block at the attribute's position, one entry per extent in input order;
/// one whose extent is larger (several blocks, <see cref="Extent.Row"/>, <see cref="Extent.Column"/>, <see cref="Extent.Tensor"/>) is a side array.
/// </summary>
/// <remarks>
/// A stored number v means <c>Sign * (v * Multiply + Add)</c>. Where several parameters of one role are declared, their
/// product is taken from the largest extent to the smallest: <c>((outer * inner) * value)</c> in f32, in that order. Those with
/// <see cref="Added"/> are then added to the product.
/// </remarks>
public abstract class ParameterAttribute : Attribute
{
    /// <param name="type">The stored type.</param>
    protected ParameterAttribute(ScalarType type) => Type = type;

    /// <param name="scalar">
    /// A struct whose <see cref="CodesAttribute"/> and <see cref="MinifloatAttribute"/> or <see cref="CodebookAttribute"/> say how one
    /// entry is stored: a scalar of up to 8 bits that <see cref="ScalarType"/> lacks. It has no <see cref="BlockAttribute"/>.
    /// </param>
    protected ParameterAttribute(Type scalar) => Scalar = scalar;

    /// <summary>The stored type where <see cref="Scalar"/> is null.</summary>
    public ScalarType Type { get; }

    /// <summary>The struct that declares the stored type, or null.</summary>
    public Type? Scalar { get; }

    /// <summary>
    /// Inputs that share one entry: a divisor of the block, <see cref="Extent.Block"/>, a multiple of the block, <see cref="Extent.Row"/>,
    /// <see cref="Extent.Column"/> or <see cref="Extent.Tensor"/>. Entries for several blocks are a side array [O, ceil(I / Per)], and no field of the block.
    /// </summary>
    public int Per { get; set; } = Extent.Block;

    /// <summary>
    /// Outputs that share one entry, 1 unless said: a number, <see cref="Extent.Slab"/> or <see cref="Extent.Runs"/>. A parameter shared by several outputs is a side
    /// array: of <c>Per = Extent.Row</c> [ceil(O / PerOutputs)], of <c>Per = Extent.Column</c> [ceil(O / PerOutputs), I], of a block or a part of one
    /// [ceil(O / PerOutputs), entries of a row], and then it is no field of the block.
    /// </summary>
    public int PerOutputs { get; set; } = 1;

    /// <summary>
    /// Of a <see cref="Per"/> of several blocks: the blocks are counted through the matrix, row after row, so that an entry may cover the end of one row and
    /// the beginning of the next. The side array is [ceil(blocks of the matrix / blocks of an entry)].
    /// </summary>
    public bool Flat { get; set; }

    /// <summary>
    /// The parameter is added to the product of the other levels of its role, after them all: a scale stored as a difference from a number of
    /// the matrix.
    /// </summary>
    public bool Added { get; set; }

    /// <summary>The name by which <see cref="SliceAttribute"/> and side arrays refer to the parameter; made from role and extent when not given.</summary>
    public string? Name { get; set; }

    /// <summary>Factor of the affine transform.</summary>
    public double Multiply { get; set; } = 1;

    /// <summary>Addend of the affine transform, after the factor.</summary>
    public double Add { get; set; }

    /// <summary>
    /// The transformed number is an exponent: the parameter means <c>2^(v * Multiply + Add)</c> (a block's shared exponent bias is <c>Multiply = -1</c>). Integers
    /// of up to 8 bits with an integral transform.
    /// </summary>
    public bool Exponential { get; set; }

    /// <summary>
    /// The transformed number is taken modulo 2^bits of the stored type (a zero point z stored as z - 1 is <c>Add = 1</c>). Unsigned integers of up to 8
    /// bits with an integral transform.
    /// </summary>
    public bool Wrap { get; set; }

    /// <summary>+1 or -1; -1 makes a minimum be subtracted.</summary>
    public int Sign { get; set; } = 1;
}

/// <summary>A scale: multiplies the value of the code.</summary>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ScaleAttribute : ParameterAttribute
{
    /// <param name="type">The stored type.</param>
    public ScaleAttribute(ScalarType type)
        : base(type)
    {
    }

    /// <param name="scalar">The struct that declares the stored type.</param>
    public ScaleAttribute(Type scalar)
        : base(scalar)
    {
    }
}

/// <summary>
/// An addend, applied after the scale: <c>scale * value + min</c>. A minimum, a mean, or a "scaled zero" (with
/// <see cref="ParameterAttribute.Sign"/> -1 the formula q*s - z).
/// </summary>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MinAttribute : ParameterAttribute
{
    /// <param name="type">The stored type.</param>
    public MinAttribute(ScalarType type)
        : base(type)
    {
    }

    /// <param name="scalar">The struct that declares the stored type.</param>
    public MinAttribute(Type scalar)
        : base(scalar)
    {
    }
}

/// <summary>
/// A zero point, subtracted from the value of the code before it is scaled: <c>(q - z) * scale</c>. With two levels the zero
/// point has a scale of its own: <c>(q - z * sz) * scale</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ZeroPointAttribute : ParameterAttribute
{
    /// <param name="type">The stored type.</param>
    public ZeroPointAttribute(ScalarType type)
        : base(type)
    {
    }

    /// <param name="scalar">The struct that declares the stored type.</param>
    public ZeroPointAttribute(Type scalar)
        : base(scalar)
    {
    }
}
