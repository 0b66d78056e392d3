using System.Collections.Generic;

namespace KernelGen;

/// <summary>
/// The numbers that a format's stored codes stand for, before zero points, scales and minima: what an encoder that searches needs to know of
/// codes. Absent (<see cref="FormatDescriptor.Codes"/>) where the stored codes are plain floats or words of digits, index a table that is chosen, or are not all numbers.
/// </summary>
public sealed unsafe class CodeNumbers
{
    /// <summary>
    /// Where a code stands for one input, the number of every code that encoders write, by code. Where it is the index of a vector, the numbers that
    /// <see cref="Vectors"/> names by rank.
    /// </summary>
    public required IReadOnlyList<float> Numbers { get; init; }

    /// <summary>Consecutive inputs that one stored code stands for: 1, or the length of the table's vectors.</summary>
    public int Length { get; init; } = 1;

    /// <summary>Entries of the table of vectors; 0 where a code stands for one input.</summary>
    public int Entries { get; init; }

    /// <summary>[<see cref="Entries"/>][<see cref="Length"/>] ranks into <see cref="Numbers"/>, all signs plus; null where a code stands for one input.</summary>
    public byte* Vectors { get; init; }

    /// <summary>
    /// The input of each entry of signs (of the parameter with the role "sign") whose sign is not stored and makes the minus signs even; -1 where all
    /// signs are stored or there are none.
    /// </summary>
    public int SignParity { get; init; } = -1;
}
