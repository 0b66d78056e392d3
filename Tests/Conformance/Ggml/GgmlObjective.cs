using KernelGen.Encoders;

namespace KernelGen.Conformance.Ggml;

/// <summary>
/// What ggml's encoders minimise, by type (ggml-quants.c, v0.21.0), as near as <see cref="ErrorWeighting"/> says it: Q2_K without importance sums |x| |e|,
/// not |x| e²; with importance Q2_K, IQ2_XXS and IQ2_XS add the block's mean square once, not twice; IQ2_S without it adds half of it to x².
/// </summary>
internal static class GgmlObjective
{
    /// <summary>The weighting of a type's errors.</summary>
    /// <param name="type">The type.</param>
    /// <param name="hasImportance">Whether there is an importance matrix.</param>
    /// <returns>The weighting.</returns>
    public static ErrorWeighting Of(string type, bool hasImportance) => (type.ToUpperInvariant(), hasImportance) switch
    {
        ("Q6_K", true) => ErrorWeighting.Uniform,
        ("Q2_K", false) => ErrorWeighting.Magnitude,
        ("IQ3_XXS" or "IQ3_S" or "IQ1_M" or "IQ2_S", false) => ErrorWeighting.Square,
        _ => ErrorWeighting.Default,
    };
}
