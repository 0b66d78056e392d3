using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Emulation;

/// <summary>
/// The catalogue and the probes once more, for every target, with the kernels' intrinsics emulated: the same emitted text, bound to
/// the classes of this project.
/// </summary>
public static class EmulatedFormats
{
    /// <summary>The descriptors, in the order of their names, then those of the cells of structures.</summary>
    public static IReadOnlyList<FormatDescriptor> All { get; } =
    [
        .. Generated.FormatCatalogue.All.Concat(Generated.FormatCatalogue.Structures.SelectMany(structure => structure.Cells)).DistinctBy(format => format.FullName),
    ];
}
