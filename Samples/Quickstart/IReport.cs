using System.Collections.Generic;

namespace Quickstart;

/// <summary>Prints what was found out.</summary>
internal interface IReport
{
    /// <summary>Called before the work.</summary>
    /// <param name="model">What is quantized.</param>
    /// <param name="timed">What is timed.</param>
    void Begin(Model model, TimedWeights timed);

    /// <summary>Called for each format, complete, in order.</summary>
    /// <param name="figures">The format's figures.</param>
    void Add(Figures figures);

    /// <summary>Called after the work.</summary>
    /// <param name="model">What was quantized.</param>
    /// <param name="all">All figures.</param>
    void End(Model model, IReadOnlyList<Figures> all);
}
