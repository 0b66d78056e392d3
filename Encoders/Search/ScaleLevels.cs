using System;

namespace KernelGen.Encoders;

/// <summary>A scale or a minimum: one number per group, times one per block where there are two levels.</summary>
/// <param name="Outer">One entry per block, or none.</param>
/// <param name="Inner">One entry per group.</param>
internal sealed record ScaleLevels(StoredParameter? Outer, StoredParameter Inner)
{
    /// <summary>Whether all groups of a block have the sign that the block's number says: no inner number is negative.</summary>
    public bool IsOneSided { get; } = Outer is not null && !Inner.IsContinuous && Inner.Numbers[0] >= 0;

    /// <summary>The inner number of largest magnitude, 0 where there is no list.</summary>
    public float Extreme { get; } = Inner.IsContinuous ? 0 : Math.Abs(Inner.Numbers[0]) > Math.Abs(Inner.Numbers[^1]) ? Inner.Numbers[0] : Inner.Numbers[^1];
}
