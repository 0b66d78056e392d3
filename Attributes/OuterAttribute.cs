using System;

namespace KernelGen;

/// <summary>
/// Multiplies every decoded weight by the outer product of a vector over the outputs and a vector over the inputs:
/// <c>w[o, i] = (row[o] * column[i]) * w[o, i]</c> in f32, in that order; a vector that is not named is left out of the product.
/// Stands on a cell (a struct with <see cref="BlockAttribute"/>) or on a composition.
/// </summary>
/// <remarks>
/// The vectors are side arrays of shape [O] and [I], named "row" and "column". In a product the column vector multiplies the
/// activations before the kernels run and the row vector their results, so it costs O + I operations, not O * I.
/// Source: rank-one scales of OneBit (Xu et al., 2024) and PTQ1.61 (Zhao et al., 2025).
/// </remarks>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class OuterAttribute : Attribute
{
    /// <summary>The stored type of the vector over the outputs: a float type. Without it there is no such vector.</summary>
    public ScalarType Row { get; set; }

    /// <summary>The stored type of the vector over the inputs: a float type. Without it there is no such vector.</summary>
    public ScalarType Column { get; set; }
}
