using System.Collections.Generic;

namespace KernelGen.Formats;

/// <summary>All formats of this package.</summary>
public static class FormatCatalogue
{
    /// <summary>The formats of one cell, in the order of their names.</summary>
    public static IReadOnlyList<FormatDescriptor> All => Generated.FormatCatalogue.All;

    /// <summary>The structured formats, in the order of their names.</summary>
    public static IReadOnlyList<StructureDescriptor> Structures => Generated.FormatCatalogue.Structures;
}
