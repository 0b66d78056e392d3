using System.Collections.Generic;

namespace KernelGen.Probes;

/// <summary>
/// Formats that nobody uses: together they have every decoded form, kind of level, layout and way to end a row, so that the tests
/// meet them all whatever the catalogue holds.
/// </summary>
public static class ProbeCatalogue
{
    /// <summary>All probes.</summary>
    public static IReadOnlyList<FormatDescriptor> All => Generated.FormatCatalogue.All;
}
