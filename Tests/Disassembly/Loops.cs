using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Disassembly;

/// <summary>The loops of a method.</summary>
internal static class Loops
{
    /// <summary>The instructions of each loop.</summary>
    public static IReadOnlyList<IReadOnlyList<Instruction>> All(IReadOnlyList<Instruction> code) => In(code, Bodies(code));

    /// <summary>The instructions of each loop that holds no other.</summary>
    public static IReadOnlyList<IReadOnlyList<Instruction>> Innermost(IReadOnlyList<Instruction> code)
    {
        List<HashSet<int>> loops = Bodies(code);
        return In(code, loops.Where(loop => !loops.Any(other => other.IsProperSubsetOf(loop))));
    }

    private static List<IReadOnlyList<Instruction>> In(IReadOnlyList<Instruction> code, IEnumerable<HashSet<int>> loops) =>
        [.. loops.Select(loop => loop.Order().Select(i => code[i]).ToList())];

    /// <summary>
    /// What is on a way from a backward branch's target to the branch. Backward branches that nothing leads back to (into a shared epilogue)
    /// are no loops.
    /// </summary>
    private static List<HashSet<int>> Bodies(IReadOnlyList<Instruction> code)
    {
        Dictionary<int, int> index = code.Select((instruction, i) => (instruction.Address, i)).ToDictionary(pair => pair.Address, pair => pair.i);
        int[][] next = [.. code.Select((instruction, i) => Next(instruction, i).ToArray())];
        int[][] previous = Reversed(next);
        List<HashSet<int>> loops = [];
        for (int last = 0; last < code.Count; last++)
        {
            if (index.TryGetValue(code[last].Target, out int first) && first <= last)
            {
                HashSet<int> body = Reachable(first, next, first, last);
                body.IntersectWith(Reachable(last, previous, first, last));
                if (body.Contains(first) && body.Contains(last))
                {
                    loops.Add(body);
                }
            }
        }

        return loops;

        IEnumerable<int> Next(Instruction instruction, int i)
        {
            if (instruction.FallsThrough && i + 1 < code.Count)
            {
                yield return i + 1;
            }

            if (index.TryGetValue(instruction.Target, out int target))
            {
                yield return target;
            }
        }
    }

    private static int[][] Reversed(int[][] next)
    {
        ILookup<int, int> previous = next.SelectMany((targets, from) => targets.Select(to => (from, to))).ToLookup(edge => edge.to, edge => edge.from);
        return [.. next.Select((_, i) => previous[i].ToArray())];
    }

    /// <summary>What can be reached from a place without leaving a range.</summary>
    private static HashSet<int> Reachable(int from, int[][] edges, int first, int last)
    {
        HashSet<int> seen = [from];
        Stack<int> open = new([from]);
        while (open.TryPop(out int at))
        {
            foreach (int to in edges[at])
            {
                if (to >= first && to <= last && seen.Add(to))
                {
                    open.Push(to);
                }
            }
        }

        return seen;
    }
}
