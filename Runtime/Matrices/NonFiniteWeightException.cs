using System;

namespace KernelGen;

/// <summary>A weight to quantize is NaN or infinite. Nothing was written.</summary>
/// <param name="row">The first row with such a weight.</param>
/// <param name="column">The first such weight in that row.</param>
/// <param name="value">The weight.</param>
public sealed class NonFiniteWeightException(long row, long column, float value)
    : ArgumentException($"The weight at row {row}, column {column} is {value}. Formats store finite weights only; replace it before quantizing.")
{
    /// <summary>The first row with such a weight.</summary>
    public long Row { get; } = row;

    /// <summary>The first such weight in that row.</summary>
    public long Column { get; } = column;

    /// <summary>The weight.</summary>
    public float Value { get; } = value;
}
