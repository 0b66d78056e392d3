using System.Linq;
using KernelGen.Formats;

namespace KernelGen.Checkpoints;

/// <summary>The declared formats of integers in groups.</summary>
internal static class GroupedFormats
{
    // Larger groups first: what divides the stored group best.
    private static readonly (int Bits, int Group, bool HasMinima, FormatDescriptor Format)[] Grouped =
    [
        (2, 128, false, Int2AsymG128.Descriptor), (2, 64, false, Int2AsymG64.Descriptor), (2, 32, false, Int2AsymG32.Descriptor),
        (3, 128, false, Int3AsymG128.Descriptor), (3, 64, false, Int3AsymG64.Descriptor), (3, 32, false, Int3AsymG32.Descriptor),
        (4, 128, false, Int4AsymG128.Descriptor), (4, 64, false, Int4AsymG64.Descriptor), (4, 32, false, Int4AsymG32.Descriptor),
        (8, 128, false, Int8AsymG128.Descriptor), (8, 64, false, Int8AsymG64.Descriptor), (8, 32, false, Int8AsymG32.Descriptor),
        (4, 128, true, Int4MinG128.Descriptor), (4, 64, true, Int4MinG64.Descriptor), (4, 32, true, Q4_1.Descriptor),
    ];

    private static readonly (int Bits, FormatDescriptor Format)[] WholeRows =
        [(2, Int2AsymRow.Descriptor), (3, Int3AsymRow.Descriptor), (4, Int4AsymRow.Descriptor), (8, Int8AsymRow.Descriptor)];

    /// <summary>The format that stores a layer: its groups, or parts of them that repeat the group's parameters.</summary>
    /// <param name="weights">The layer.</param>
    /// <returns>The format and the inputs of its groups; 0 for whole rows. Null where no format fits.</returns>
    public static (FormatDescriptor Format, int Group)? Choose(GroupedWeights weights)
    {
        bool hasMinima = weights.Minima.Length > 0;
        if (weights.GroupSize == weights.Inputs && !hasMinima)
        {
            return (WholeRows.First(row => row.Bits == weights.Bits).Format, 0);
        }

        // A last group need not be whole, so one group of any length will do for a row that is shorter.
        foreach ((int bits, int group, bool minima, FormatDescriptor format) in Grouped)
        {
            if (bits == weights.Bits && minima == hasMinima && (weights.GroupSize % group == 0 || weights.GroupSize == weights.Inputs))
            {
                return (format, group);
            }
        }

        return null;
    }
}
