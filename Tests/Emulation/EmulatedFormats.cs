using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace KernelGen.Emulation;

/// <summary>The catalogue and the probes once more, for every target, with the kernels' intrinsics emulated (<see cref="Rebinding"/>).</summary>
public static class EmulatedFormats
{
    /// <summary>The descriptors of both, each in the order of their names, then those of the cells of its structures.</summary>
    public static IReadOnlyList<FormatDescriptor> All { get; } = [.. new[] { typeof(Formats.FormatCatalogue), typeof(Probes.ProbeCatalogue) }.SelectMany(Rebound)];

    private static IEnumerable<FormatDescriptor> Rebound(Type catalogue)
    {
        Type rebound = Rebinding.Load(catalogue.Assembly).GetType(catalogue.FullName!, throwOnError: true)!;
        return Listed<FormatDescriptor>(rebound, nameof(Formats.FormatCatalogue.All))
            .Concat(Listed<StructureDescriptor>(rebound, nameof(Formats.FormatCatalogue.Structures)).SelectMany(structure => structure.Cells))
            .DistinctBy(format => format.FullName);
    }

    private static IReadOnlyList<T> Listed<T>(Type catalogue, string property) =>
        (IReadOnlyList<T>)catalogue.GetProperty(property, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
