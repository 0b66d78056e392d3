using KernelGen.Generator.Emission;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Makes the JIT compile a kernel fully optimised at its first call. A method with a loop otherwise starts in tier 0, at about a
/// tenth of its speed, and stays there for some thirty calls and a timer. A method that allocates on the stack cannot be
/// replaced while it runs, so the JIT skips tier 0 for it; unlike AggressiveOptimization this leaves the method open to
/// ReadyToRun. The branch is never taken: it keeps the allocation from being dropped. What such a kernel calls block by block is
/// inlined, so that it is optimised with it.
/// </summary>
internal static class EagerOptimization
{
    /// <summary>Writes the allocation; <paramref name="count"/> is a local that is never negative, <paramref name="pointer"/> a pointer local of <paramref name="type"/>.</summary>
    public static void Write(CodeWriter code, Target target, string count, string pointer, string type)
    {
        if (!target.OptimizesEagerly)
        {
            return;
        }

        code.Line("// Never used: a stack allocation makes the JIT optimise the method at its first call.");
        code.Line("byte* eager = stackalloc byte[8];");
        code.Line($"{pointer} = {count} < 0 ? {(type == "byte" ? "eager" : $"({type}*)eager")} : {pointer};");
        code.Line();
    }
}
