using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// A minifloat whose numbers are exact as bfloat16, the upper halves of f32: computed in lanes of 16 bits, twice as many at once as
/// <see cref="MinifloatFormula"/> does. Magnitudes that are no normal numbers (subnormals, infinities, NaNs) are the last before and the first after the
/// largest code wraps to 0: few enough to be looked up in 16 entries by what a shift and a sum make wrong of them.
/// </summary>
/// <param name="Bits">Bits of a code, the sign on top.</param>
/// <param name="Shift">How far a magnitude whose sign stands on top of an int16 is shifted right.</param>
/// <param name="MagnitudeMask">The bits that it then fills.</param>
/// <param name="Rebias">What is added to them: the biases' difference.</param>
/// <param name="Turn">What is added to a magnitude, which then wraps, for those that are no normal numbers to be the first.</param>
/// <param name="Exceptions">For each of these, the bits that differ from those of its number.</param>
internal sealed record BFloat16Formula(int Bits, int Shift, int MagnitudeMask, int Rebias, int Turn, EquatableArray<int> Exceptions)
{
    /// <summary>Entries of a table in a 128-bit lane.</summary>
    private const int MostExceptions = 16;

    /// <summary>How many magnitudes codes have.</summary>
    public int Magnitudes => 1 << (Bits - 1);

    /// <summary>What is added after the turn: from 128 on an index is outside of the table, whose entries its low 4 bits tell apart.</summary>
    public int Raise => 128 - Exceptions.Count;

    /// <summary>The exceptions by the low 4 bits of their indices.</summary>
    public IReadOnlyList<int> Table
    {
        get
        {
            int[] table = new int[MostExceptions];
            for (int i = 0; i < Exceptions.Count; i++)
            {
                table[(i + Raise) & (MostExceptions - 1)] = Exceptions[i];
            }

            return table;
        }
    }

    /// <summary>The formula of a table in lanes of 16 bits, or null where it has numbers that are not exact or more exceptions than the table has entries.</summary>
    /// <param name="formula">That in lanes of 32.</param>
    /// <param name="values">The table, as bits of f32.</param>
    public static BFloat16Formula? Of(MinifloatFormula formula, IReadOnlyList<int> values)
    {
        int magnitudes = 1 << (formula.Bits - 1);
        int turn = magnitudes - 1 - formula.Finite;
        int exceptions = turn + (1 << formula.MantissaBits);
        if (exceptions > MostExceptions || values.Any(static bits => (bits & ushort.MaxValue) != 0 && FloatBits.IsFinite(bits)))
        {
            return null;
        }

        int mantissa = 7 - formula.MantissaBits;
        int rebias = formula.Rebias >> 16;
        return new(formula.Bits, 16 - formula.Bits - mantissa, (magnitudes - 1) << mantissa, rebias, turn, new([.. Enumerable.Range(0, exceptions).Select(i =>
        {
            int magnitude = (i - turn) & (magnitudes - 1);
            return ((magnitude << mantissa) + rebias) ^ ((values[magnitude] >> 16) & short.MaxValue);
        })]));
    }
}
