using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// The canonical form a code decodes to: an integer w that the kernels multiply, with <c>value = Factor * (w + Correction)</c>.
/// Formats whose values are no set of 8-bit integers are approximated for the int8 kernels by an 11-bit integer in two planes
/// and decoded to f32 exactly everywhere else; where even those are too few, there are no int8 kernels. Of short tables that are stored with the
/// matrix these integers are worked out when it is packed.
/// </summary>
/// <param name="PackedBits">Bits per code in a packed panel.</param>
/// <param name="Recode">How a stored code becomes the packed code.</param>
/// <param name="RecodeConstant">The constant of that recoding.</param>
/// <param name="RecodeBias">Added by <see cref="RecodeRule.SignMagnitude"/> to the signed number, modulo 256.</param>
/// <param name="Step">w per packed code, a power of two; 1 where a table gives w.</param>
/// <param name="Correction">Added to w to give the integer value.</param>
/// <param name="Largest">The largest |w|.</param>
/// <param name="Signed">Whether w can be negative (then it is a signed byte, else an unsigned one of at most 127).</param>
/// <param name="Table">w for each packed code where it is looked up, else empty; two-plane forms list high plane, then low.</param>
/// <param name="Planes">1, or 2 for the approximated form: w = 2^PlaneShift * high + low.</param>
/// <param name="PlaneShift">Bits of the low plane, 0 where there is one plane.</param>
/// <param name="FactorBits">The f32 bits of Factor.</param>
/// <param name="ExactValues">The f32 bits of each packed code's exact value where the integer form is an approximation, else empty.</param>
/// <param name="TableError">Largest |approximated - exact| over the table relative to its largest entry; 0 when exact.</param>
internal sealed record DecodedForm(
    int PackedBits,
    RecodeRule Recode,
    int RecodeConstant,
    int RecodeBias,
    int Step,
    int Correction,
    int Largest,
    bool Signed,
    EquatableArray<int> Table,
    int Planes,
    int PlaneShift,
    int FactorBits,
    EquatableArray<int> ExactValues,
    double TableError)
{
    /// <summary>Entries that one shuffle looks up.</summary>
    private const int ShortTable = 16;

    /// <summary>Whether w comes from a table that is the same for all matrices.</summary>
    public bool IsLookup => Table.Count != 0;

    /// <summary>
    /// Numbers of a table that is stored with the matrix, a row's or everyone's, of which w are integers worked out there, two planes of them; their
    /// factor, too, is the table's own. 0 where there is none, or none that 16 entries hold.
    /// </summary>
    public int StoredNumbers { get; init; }

    /// <summary>Entries of a plane's table, whoever's it is; 0 where w needs none.</summary>
    public int TableEntries => IsLookup ? Table.Count / Planes : StoredNumbers;

    /// <summary>Whether the integer form is the exact value.</summary>
    public bool IsExact => ExactValues.Count == 0;

    /// <summary>Whether different values have different integers. 11 bits are too few for E4M3, say.</summary>
    public bool TellsValuesApart { get; } = ExactValues.Count == 0
        || ExactValues.Where(FloatBits.IsFinite).Select(static bits => FloatBits.ToSingle(bits) + 0f).Distinct().Count()
            == ExactValues.Select((bits, i) => (bits, w: (Table[i] << PlaneShift) + Table[i + ExactValues.Count])).Where(static entry => FloatBits.IsFinite(entry.bits)).Select(static entry => entry.w).Distinct().Count();

    /// <summary>
    /// Where the second half of a table longer than <see cref="ShortTable"/> means minus what the first means, as signs and magnitudes do, |w + Correction| of the first half, in as many planes as w; else empty.
    /// </summary>
    public EquatableArray<int> Magnitudes { get; } = MagnitudesOf(PackedBits, Table, Planes, PlaneShift, Correction);

    /// <summary>Whether Factor is 1.</summary>
    public bool IsUnitFactor => FactorBits == 0x3F800000 && StoredNumbers == 0;

    private static EquatableArray<int> MagnitudesOf(int bits, EquatableArray<int> table, int planes, int shift, int correction)
    {
        int half = table.Count / planes / 2;
        int[] meanings = [.. Enumerable.Range(0, 2 * half).Select(i => (planes == 1 ? table[i] : (table[i] << shift) + table[(2 * half) + i]) + correction)];
        bool isMirrored = 2 * half > ShortTable && 2 * half == 1 << bits && meanings[0] == 0 && meanings.Take(half).All(static meaning => meaning >= 0)
            && meanings.Take(half).Zip(meanings.Skip(half), static (plus, minus) => plus == -minus).All(static isMinus => isMinus);
        IEnumerable<int> first = meanings.Take(half);
        int[] magnitudes = !isMirrored ? [] : planes == 1 ? [.. first] : [.. first.Select(m => m >> shift), .. first.Select(m => m & ((1 << shift) - 1))];
        return magnitudes.All(static m => m <= FormatPlan.LargestInt8) ? magnitudes.ToEquatableArray() : default;
    }
}

/// <summary>How a stored code becomes a packed code.</summary>
internal enum RecodeRule
{
    /// <summary>The packed code is the stored code.</summary>
    None,

    /// <summary>Exclusive or with the constant (two's complement to offset binary, inverted signs).</summary>
    Xor,

    /// <summary>Sign (the constant's bit) and magnitude (the bits below it) to a two's complement number plus the bias.</summary>
    SignMagnitude,
}
