using System.Collections.Generic;

namespace KernelGen.Generator.Targets;

/// <summary>Every target in the order of <c>KernelGen.KernelTarget</c>; those of one architecture stand from the least to the most demanding.</summary>
internal static class TargetCatalogue
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new ScalarTarget(),
        new Vector128Target(),
        new Avx2Target(),
        new NeonTarget(),
        new NeonDotTarget(),
        new Avx2VnniTarget(),
        new Avx512Target(),
        new Avx512VnniTarget(),
    ];
}
