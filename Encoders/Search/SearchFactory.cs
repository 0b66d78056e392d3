namespace KernelGen.Encoders;

/// <summary>Makes searches of one format and one objective.</summary>
internal sealed class SearchFactory
{
    private readonly SearchPlan _plan;
    private readonly ErrorWeighting _weighting;
    private readonly CodeLattice? _lattice;

    /// <summary>Chooses the kind of search.</summary>
    /// <param name="plan">The format.</param>
    /// <param name="weighting">The weighting of errors.</param>
    /// <param name="hasImportance">Whether there is an importance vector.</param>
    public SearchFactory(SearchPlan plan, ErrorWeighting weighting, bool hasImportance)
    {
        _plan = plan;
        _weighting = plan.Weighting(weighting, hasImportance);
        _lattice = plan.HasVectors ? null : new CodeLattice(plan.Codes);
    }

    /// <summary>Makes a search, with scratch memory of its own.</summary>
    /// <returns>The search; dispose it.</returns>
    public IBlockSearch Create() => _lattice switch
    {
        null => new GridSearch(_plan, _weighting),
        { HasUnitSteps: true } => new CodeSearch<UnitSteps>(_plan, _lattice, new UnitSteps(_lattice), _weighting),
        _ => new CodeSearch<SmallTable>(_plan, _lattice, new SmallTable(_lattice), _weighting),
    };
}
