using System.Collections.Generic;

namespace KernelGen;

/// <summary>One scale, minimum or zero point of a format, or its signs or stored sums.</summary>
/// <param name="Name">The name under which it is stored.</param>
/// <param name="Role">"scale", "min", "zero", "sign", "sum", "scaledsum", "selector", "pad" or "codebook".</param>
/// <param name="Type">The stored type; null for signs and for a scalar that the format declares itself.</param>
/// <param name="Per">Inputs that share one entry, <see cref="Extent.Row"/>, <see cref="Extent.Column"/> or <see cref="Extent.Tensor"/>.</param>
/// <param name="EntriesPerBlock">Entries in a block; 0 for side arrays.</param>
public sealed record FormatParameter(string Name, string Role, ScalarType? Type, int Per, int EntriesPerBlock)
{
    /// <summary>The stored number is multiplied by this (f32, one rounding), unless it is 1.</summary>
    public float Multiply { get; init; } = 1;

    /// <summary>Then this is added (f32, one rounding), unless it is 0.</summary>
    public float Add { get; init; }

    /// <summary>Whether the result is then negated.</summary>
    public bool Negative { get; init; }

    /// <summary>Whether the number is added to the product of the role's other levels; else it is a factor of it.</summary>
    public bool Added { get; init; }

    /// <summary>The number of every stored entry of a scalar that the format declares itself, by entry; else empty.</summary>
    public IReadOnlyList<float> Numbers { get; init; } = [];

    /// <summary>Numbers of an entry: those of a table, one after another; else 1.</summary>
    public int Count { get; init; } = 1;
}
