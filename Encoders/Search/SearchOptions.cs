namespace KernelGen.Encoders;

/// <summary>How <see cref="SearchedEncoder"/> encodes.</summary>
public sealed record SearchOptions
{
    /// <summary>What the search minimises.</summary>
    public ErrorWeighting Weighting { get; init; }

    /// <summary>Most threads to use; 0 for all. The result does not depend on it.</summary>
    public int Threads { get; init; }
}
