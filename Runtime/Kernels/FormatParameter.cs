using System;
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

    /// <summary>Stored bits of an entry, or of each of its numbers.</summary>
    public int Bits => Type is { } type ? ScalarElements.Bits(type) : 8;

    /// <summary>The number that a stored entry means, its transform applied: what decoding multiplies by, subtracts or adds.</summary>
    /// <param name="stored">The stored bits, as unpacked.</param>
    /// <returns>The number, as f32 steps give it.</returns>
    public float Decode(uint stored)
    {
        float number = Numbers.Count > 0 ? Numbers[(int)stored] : Type switch
        {
            ScalarType.Float32 => BitConverter.UInt32BitsToSingle(stored),
            ScalarType.Float16 => (float)BitConverter.UInt16BitsToHalf((ushort)stored),
            ScalarType.BFloat16 => BitConverter.UInt32BitsToSingle(stored << 16),
            ScalarType.E8M0 when stored == 255 => float.NaN,

            // In one step: the power of two alone may leave f32 where the product does not.
            ScalarType.E8M0 or ScalarType.Exponent8 => (float)(Math.ScaleB(1.0, (int)stored - 127) * Multiply),
            ScalarType.Int4 or ScalarType.Int6 or ScalarType.Int8 or ScalarType.Int16 => (int)(stored << (32 - Bits)) >> (32 - Bits),
            _ => stored,
        };
        bool isDone = Multiply == 1 || (Numbers.Count == 0 && Type is ScalarType.E8M0 or ScalarType.Exponent8);
        float t = isDone ? number : number * Multiply;
        t = Add == 0 ? t : t + Add;
        return Negative ? -t : t;
    }
}
