using System.Collections.Generic;

namespace KernelGen.Emulation;

/// <summary>
/// The catalogue and the probes once more, for every target, with the kernels' intrinsics emulated: the same emitted text, bound to
/// the classes of this project.
/// </summary>
public static class EmulatedFormats
{
    /// <summary>The descriptors, in the order of their names.</summary>
    public static IReadOnlyList<FormatDescriptor> All => Generated.FormatCatalogue.All;
}
