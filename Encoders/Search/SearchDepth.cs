namespace KernelGen.Encoders;

/// <summary>
/// How long codes of single inputs are searched for. A step is a scale that is tried for a group while nothing is rounded: step k maps the group's largest weight
/// (with a minimum: its range) to the outermost number (the whole lattice) and k · <see cref="Step"/> gaps between numbers farther, so that what is farther is cut off.
/// </summary>
/// <param name="First">The first step.</param>
/// <param name="Last">The last; the number of steps is even.</param>
/// <param name="Step">Gaps from step to step.</param>
/// <param name="Shift">With a minimum, where every second step puts the lowest weight, in gaps above the lowest number.</param>
/// <param name="Refines">Whether neighbouring inner numbers are judged and the block's numbers made anew.</param>
internal readonly record struct SearchDepth(int First, int Last, float Step, float Shift, bool Refines)
{
    private const int FewNumbers = 4;
    private const int SomeNumbers = 8;

    /// <summary>The depth of a search.</summary>
    /// <param name="numbers">Numbers that codes stand for.</param>
    /// <param name="hasMin">Whether there is a minimum.</param>
    /// <param name="weighting">The weighting of errors.</param>
    /// <returns>The depth.</returns>
    /// <remarks>
    /// Measured (docs/encoders.md). Most good scales cut nothing off, so more steps lie inside. Where numbers are dense good minima lie half a step apart; among few
    /// they do not, and wider steps find more. Errors that count by x² are decided by a group's largest weights: among 5 to 8 numbers those are best on the outermost
    /// one or a little inside, and two steps come within 4 % of the whole search's error.
    /// </remarks>
    public static SearchDepth Of(int numbers, bool hasMin, ErrorWeighting weighting) => (hasMin, numbers) switch
    {
        (true, < FewNumbers) => new SearchDepth(-3, 4, 0.16f, 0, true),
        (true, <= SomeNumbers) => new SearchDepth(-9, 4, 0.16f, 0, true),
        (true, _) => new SearchDepth(-10, 5, 0.12f, 0.4f, true),
        (false, > FewNumbers and <= SomeNumbers) when weighting == ErrorWeighting.Square => new SearchDepth(-1, 0, 0.8f, 0, false),
        (false, <= FewNumbers) => new SearchDepth(-7, 8, 0.12f, 0, true),
        _ => new SearchDepth(-9, 6, 0.12f, 0, true),
    };
}
