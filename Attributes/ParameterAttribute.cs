using System;

namespace KernelGen;

/// <summary>
/// What scales, minima and zero points have in common: a stored type, an extent, and an affine transform. A parameter whose
/// extent is the block or smaller is a field of the block at the attribute's position, one entry per extent in input order;
/// one whose extent is larger (<see cref="Extent.Row"/>, <see cref="Extent.Column"/>, <see cref="Extent.Tensor"/>) is a side array.
/// </summary>
/// <remarks>
/// A stored number v means <c>Sign * (v * Multiply + Add)</c>. Where several parameters of one role are declared, their
/// product is taken from the largest extent to the smallest: <c>((outer * inner) * value)</c> in f32, in that order.
/// </remarks>
/// <param name="type">The stored type.</param>
public abstract class ParameterAttribute(ScalarType type) : Attribute
{
    /// <summary>The stored type.</summary>
    public ScalarType Type { get; } = type;

    /// <summary>Inputs that share one entry: a divisor of the block, <see cref="Extent.Block"/>, <see cref="Extent.Row"/>, <see cref="Extent.Column"/> or <see cref="Extent.Tensor"/>.</summary>
    public int Per { get; set; } = Extent.Block;

    /// <summary>The name by which <see cref="SliceAttribute"/> and side arrays refer to the parameter; made from role and extent when not given.</summary>
    public string? Name { get; set; }

    /// <summary>Factor of the affine transform.</summary>
    public double Multiply { get; set; } = 1;

    /// <summary>Addend of the affine transform, after the factor.</summary>
    public double Add { get; set; }

    /// <summary>+1 or -1; -1 makes a minimum be subtracted.</summary>
    public int Sign { get; set; } = 1;
}

/// <summary>A scale: multiplies the value of the code.</summary>
/// <inheritdoc/>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ScaleAttribute(ScalarType type) : ParameterAttribute(type);

/// <summary>
/// An addend, applied after the scale: <c>scale * value + min</c>. A minimum, a mean, or a "scaled zero" (with
/// <see cref="ParameterAttribute.Sign"/> -1 the formula q*s - z).
/// </summary>
/// <inheritdoc/>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class MinAttribute(ScalarType type) : ParameterAttribute(type);

/// <summary>
/// A zero point, subtracted from the value of the code before it is scaled: <c>(q - z) * scale</c>. With two levels the zero
/// point has a scale of its own: <c>(q - z * sz) * scale</c>.
/// </summary>
/// <inheritdoc/>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class ZeroPointAttribute(ScalarType type) : ParameterAttribute(type);
