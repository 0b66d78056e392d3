using System;

namespace KernelGen;

/// <summary>
/// The table that codes index is stored with the matrix: 2^b numbers for every row, for every input, or for the matrix, in code order. The value of a code is
/// the number; scales, zero points and minima apply to it as to any value.
/// </summary>
/// <remarks>
/// A side array of shape [O, 2^b], [I, 2^b] or [2^b], named "codebook". Int8 products take the numbers of a row's or the matrix's table of at most 16 as 11-bit integers, worked out when the
/// matrix is packed: off by at most 1/2042 of the table's largest (<c>FormatDescriptor.Int8TableError</c>); a table with an infinity or a NaN makes its rows' products NaN. Of longer tables, of those of
/// inputs, and of rows' where scales change within 16 inputs, <c>ComputeMode.Int8</c> computes as <c>ComputeMode.Float32</c> does. Sources: SqueezeLLM's lookup table per output channel (Kim et al., 2024), CLAQ's per input column (Wang et al., 2024).
/// </remarks>
/// <param name="type">The stored type of the numbers: a float type.</param>
[AttributeUsage(AttributeTargets.Struct, Inherited = false)]
public sealed class LearnedCodebookAttribute(ScalarType type) : Attribute
{
    /// <summary>The stored type of the numbers.</summary>
    public ScalarType Type { get; } = type;

    /// <summary>What one table covers: <see cref="Extent.Row"/>, <see cref="Extent.Column"/> or <see cref="Extent.Tensor"/>.</summary>
    public int Per { get; set; } = Extent.Row;

    /// <summary>
    /// Rows that share a table where tables are per row, 1 unless said: a number, <see cref="Extent.Slab"/> or <see cref="Extent.Runs"/>. The side array has a
    /// table for each group: [groups, 2^b].
    /// </summary>
    public int PerOutputs { get; set; } = 1;
}
