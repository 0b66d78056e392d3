using System;
using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// Composes a format as a sum: every weight is <c>((t0 + t1) + t2) + …</c>, in f32 and in that order, of the weights that the named formats
/// decode to. The struct has no <see cref="BlockAttribute"/> of its own.
/// </summary>
/// <remarks>
/// Every term stores all inputs of the matrix; its tensors are named "terms.t.…". Terms have parameters of their own, so two planes of signs
/// with a scale each are four levels that need not be evenly spaced. Source: DB-LLM's flexible dual binarization (Chen et al., 2024),
/// BinaryDM's multi-basis binarization (Zheng et al., 2024), BitStack's residual blocks (Wang et al., 2024).
/// </remarks>
/// <param name="terms">The formats, in the order they are added; the same one may stand several times.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class TermsAttribute(params Type[] terms) : Attribute
{
    /// <summary>The formats, in the order they are added.</summary>
    public IReadOnlyList<Type> Terms { get; } = terms;

    /// <summary>How many times the list of formats stands one after another; the sum has 2 to 256 terms.</summary>
    public int Count { get; set; } = 1;
}
