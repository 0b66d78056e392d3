using System.Collections.Generic;

namespace KernelGen.Formats;

/// <summary>All formats of this package.</summary>
public static class FormatCatalogue
{
    /// <summary>The descriptors, in the order of their names.</summary>
    public static IReadOnlyList<FormatDescriptor> All => Generated.FormatCatalogue.All;
}
