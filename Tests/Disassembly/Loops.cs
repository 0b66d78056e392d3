using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Disassembly;

/// <summary>The innermost loops of a method: what a backward branch repeats and no other backward branch repeats in part.</summary>
internal static class Loops
{
    /// <summary>The instructions of each loop.</summary>
    public static IReadOnlyList<IReadOnlyList<Instruction>> Innermost(IReadOnlyList<Instruction> code)
    {
        List<(int First, int Last)> loops = [.. code.Where(i => i.Target >= 0 && i.Target <= i.Address && i.Target >= code[0].Address).Select(i => (i.Target, i.Address)).Distinct()];
        return
        [
            .. loops
                .Where(loop => !loops.Any(other => other != loop && other.First >= loop.First && other.Last <= loop.Last))
                .Select(loop => code.Where(i => i.Address >= loop.First && i.Address <= loop.Last).ToList()),
        ];
    }
}
