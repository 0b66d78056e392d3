using System;
using System.Linq;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>
/// A hash of everything that decides what the bytes of a panel mean beside the format (FNV-1a over the plan). Change
/// <see cref="Arrangement"/> when the meaning changes otherwise than by the plan.
/// </summary>
internal static class PanelHash
{
    private const int Arrangement = 2;

    public static ulong Of(FormatPlan plan)
    {
        string text = string.Join(
            ";",
            new FormattableString[]
            {
                $"{Arrangement}",
                $"{plan.Panel.Rows},{plan.Panel.CodesAt},{plan.Panel.BlockBytes},{plan.Panel.HeaderBytes},{plan.Scaling.IntegerZero},{(plan.Panel.HasTables ? 1 : 0)},{(plan.HasInt8 ? 1 : 0)}",
                $"{plan.Grouping.Block},{plan.Grouping.Segment},{plan.Form.PackedBits},{(int)plan.Form.Recode},{plan.Form.RecodeConstant},{plan.Form.RecodeBias}",
            }
            .Concat(plan.Panel.Integers is { } integers ? [$"integers {integers.FactorsAt},{integers.TablesAt},{integers.PlaneBytes}"] : [])
            .Concat(plan.Panel.PlaneBits.Select(b => (FormattableString)$"{b}"))
            .Concat(plan.Panel.Fields.Select(f => (FormattableString)$"{f.Parameter},{(int)f.Place},{f.At},{f.EntryBytes},{f.Entries}{(f.IsRole ? ",role" : string.Empty)}{(f.Power is { } power ? $",power {power}" : string.Empty)}{(f.FromBit == 0 ? string.Empty : $",from {f.FromBit}")}"))
            .Select(FormattableString.Invariant));
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        return hash;
    }
}
