using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>
/// A table whose entry is the code read as a small float: a sign, an exponent, a mantissa, subnormal where the exponent is 0, or with no implicit one at all. Its bits become those of
/// an f32 by a shift and a sum, without the table.
/// </summary>
/// <param name="Bits">Bits of a code, the sign on top.</param>
/// <param name="MantissaBits">Bits of the mantissa, the lowest.</param>
/// <param name="Rebias">What is added to the bits of the magnitude, its mantissa where that of an f32 is: the biases' difference.</param>
/// <param name="Finite">The largest magnitude, as a code, that is a number; those above are infinities and NaNs.</param>
/// <param name="SpecialBits">What is or-ed into the bits of those above.</param>
/// <param name="HasImplicitOne">Whether normal numbers have an implicit one above the mantissa. Without it the number is that with one less the power of two of its exponent.</param>
internal sealed record MinifloatFormula(int Bits, int MantissaBits, int Rebias, int Finite, int SpecialBits, bool HasImplicitOne)
{
    private const int SingleMantissa = 23;
    private const int InfinityBits = 0x7F800000;

    /// <summary>The same in lanes of 16 bits, or null where that is not exact.</summary>
    public BFloat16Formula? BFloat16 { get; private init; }

    /// <summary>How far a magnitude whose sign would stand on top of an int32 is shifted right to where that of an f32 stands.</summary>
    public int Shift => 32 - Bits - (SingleMantissa - MantissaBits);

    /// <summary>The bits of an f32 that the magnitude fills.</summary>
    public int MagnitudeMask => (Magnitudes - 1) << (SingleMantissa - MantissaBits);

    /// <summary>The exponent of an f32, which is that of the power of two that the implicit one is worth.</summary>
    public const int ExponentMask = InfinityBits;

    /// <summary>The bits of the smallest normal number, of which a subnormal's are short when its exponent is taken as that of a normal one: 2 * v less this is the number.</summary>
    public int LeastNormal => Rebias + (1 << SingleMantissa);

    /// <summary>The bits of the magnitude of <see cref="Finite"/>.</summary>
    public int FiniteBits => Finite << (SingleMantissa - MantissaBits);

    /// <summary>Whether some codes are no numbers.</summary>
    public bool HasSpecials => Finite < Magnitudes - 1;

    private int Magnitudes => 1 << (Bits - 1);

    /// <summary>The formula of a table, or null where there is none.</summary>
    public static MinifloatFormula? Of(CodebookSpec? codebook)
    {
        if (codebook is null || codebook.ValueBits.Count < 4 || (codebook.ValueBits.Count & (codebook.ValueBits.Count - 1)) != 0)
        {
            return null;
        }

        int bits = 1;
        while (1 << bits < codebook.ValueBits.Count)
        {
            bits++;
        }

        int[] values = [.. codebook.ValueBits];
        return Enumerable.Range(0, bits - 1).Select(mantissa => Of(values, bits, mantissa) ?? WithoutOne(values, bits, mantissa)).FirstOrDefault(formula => formula is not null);
    }

    private static MinifloatFormula? Of(int[] values, int bits, int mantissaBits)
    {
        int magnitudes = 1 << (bits - 1);
        int finite = Enumerable.Range(0, magnitudes).TakeWhile(magnitude => FloatBits.IsFinite(values[magnitude])).Count() - 1;
        int least = 1 << mantissaBits;
        if (finite < least || (values[least] & ((1 << SingleMantissa) - 1)) != 0)
        {
            return null;
        }

        // Infinities take all bits of the exponent and leave the mantissa; where there are NaNs alone, any bits will do.
        bool infinities = values.Any(static value => (value & int.MaxValue) == InfinityBits);
        var formula = new MinifloatFormula(bits, mantissaBits, values[least] - (1 << SingleMantissa), finite, infinities ? InfinityBits : -1, HasImplicitOne: true);
        return formula.Rebias >= 1 << SingleMantissa && Enumerable.Range(0, values.Length).All(code => IsSame(formula.BitsOf(code), values[code]))
            ? formula with { BFloat16 = BFloat16Formula.Of(formula, values) }
            : null;
    }

    /// <summary>A formula without an implicit one, all of whose numbers are finite.</summary>
    private static MinifloatFormula? WithoutOne(int[] values, int bits, int mantissaBits)
    {
        // The code 1 is the last bit of the mantissa under the lowest exponent.
        var formula = new MinifloatFormula(bits, mantissaBits, values[1] + (mantissaBits << SingleMantissa), (1 << (bits - 1)) - 1, 0, HasImplicitOne: false);
        bool isExponent = mantissaBits > 0 && values[1] >= 1 << SingleMantissa && (formula.Rebias & ((1 << SingleMantissa) - 1)) == 0;
        return isExponent && Enumerable.Range(0, values.Length).All(code => formula.BitsOf(code) == values[code]) ? formula : null;
    }

    private static bool IsSame(int a, int b) => a == b || (IsNaN(a) && IsNaN(b));

    private static bool IsNaN(int bits) => (bits & int.MaxValue) > InfinityBits;

    /// <summary>What the kernels compute.</summary>
    private int BitsOf(int code)
    {
        int magnitude = ((code << (32 - Bits)) >>> Shift) & MagnitudeMask;
        float value = FloatBits.ToSingle(magnitude + Rebias);
        int sign = (code << (32 - Bits)) & int.MinValue;
        if (!HasImplicitOne)
        {
            return FloatBits.FromSingle(value - FloatBits.ToSingle((magnitude + Rebias) & ExponentMask)) | sign;
        }

        float subnormal = (2 * value) - FloatBits.ToSingle(LeastNormal);
        int number = FloatBits.FromSingle(value < subnormal ? value : subnormal);
        return number | sign | (magnitude > FiniteBits ? SpecialBits : 0);
    }
}
