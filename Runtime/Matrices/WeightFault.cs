namespace KernelGen;

/// <summary>What <see cref="QuantizedMatrix.Validate"/> found: stored data that decodes to a NaN or an infinity.</summary>
/// <param name="Row">The row, or -1 for a parameter of the whole matrix.</param>
/// <param name="Block">The block in the row, or -1 for a parameter of the row or the matrix.</param>
/// <param name="Parameter">
/// The parameter that is not finite, or an empty string where each is finite and a decoded weight is not (a product of scales
/// that overflows, or a codebook entry).
/// </param>
public readonly record struct WeightFault(long Row, long Block, string Parameter)
{
    /// <summary>The finding in words.</summary>
    /// <returns>One line.</returns>
    public override string ToString()
    {
        string what = Parameter.Length == 0 ? "a decoded weight" : $"parameter '{Parameter}'";
        return Row < 0
            ? $"{what} of the matrix is not finite"
            : Block < 0 ? $"{what} of row {Row} is not finite" : $"{what} in row {Row}, block {Block} is not finite";
    }
}
