using System.Collections.Generic;

namespace KernelGen.Probes;

/// <summary>
/// Formats that nobody uses: together they have every decoded form, kind of level, layout and way to end a row, so that the tests
/// meet them all whatever the catalogue holds.
/// </summary>
public static class ProbeCatalogue
{
    /// <summary>The probes of one cell.</summary>
    public static IReadOnlyList<FormatDescriptor> All => Generated.FormatCatalogue.All;

    /// <summary>The structured ones.</summary>
    public static IReadOnlyList<StructureDescriptor> Structures => Generated.FormatCatalogue.Structures;
}
