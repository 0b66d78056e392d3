using System;

namespace KernelGen;

/// <summary>
/// A field at this position in the block with the sum of the values of each group's codes. It takes no part in decoding; the
/// encoder writes it for products that need it (activation formats).
/// </summary>
/// <param name="type">The stored type: a float, or an integer that holds the largest sum.</param>
[AttributeUsage(AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class StoredSumAttribute(ScalarType type) : Attribute
{
    /// <summary>The stored type.</summary>
    public ScalarType Type { get; } = type;

    /// <summary>Inputs that share one sum: a divisor of the block, or <see cref="Extent.Block"/>.</summary>
    public int Per { get; set; } = Extent.Block;

    /// <summary>The sum is multiplied by the group's scale, by the one the codes were chosen against.</summary>
    public bool Scaled { get; set; }

    /// <summary>The name slices use; "sum" when not given.</summary>
    public string? Name { get; set; }
}
