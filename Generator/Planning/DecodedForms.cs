using System;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Planning;

/// <summary>Proves which <see cref="DecodedForm"/> a format's codes have.</summary>
internal static class DecodedForms
{
    private const int One = 0x3F800000;

    /// <summary>
    /// Approximated values are 11-bit integers in a plane of 6 bits over one of 5: products of two quads add up in 16 bits, and
    /// the table's error of 2^-11 is far below that of 8-bit activations. Planes of 7 bits would cost a third of the speed.
    /// </summary>
    private const int ApproximatedHalf = 1024;

    private const int LowPlaneBits = 5;

    /// <summary>Numbers of a table that a byte shuffle looks up at once.</summary>
    private const int ShuffledNumbers = 16;

    /// <summary>Quads whose rows are brought together for a lookup in a table of the row's own.</summary>
    private const int TransposedQuads = 4;

    /// <summary>Half a step of a table's integers over the largest, and a little for the rounding of their factor.</summary>
    private const double StoredTableError = 0.501 / (ApproximatedHalf - 1);

    public static DecodedForm Of(FormatSpec spec, ElementCode element, Grouping grouping) =>
        element.Codebook is { } codebook ? OfTable(codebook)
        : IsLookedUp(spec, grouping) ? OfStoredTable(spec.Codes.Bits, spec.Parameters[spec.Learned].Count)
        : OfIntegers(spec.Codes);

    /// <summary>The integer a code means, without a codebook.</summary>
    public static int IntegerOf(CodeSpec code, int q)
    {
        int top = 1 << (code.Bits - 1);
        int number = code.Kind switch
        {
            CodeNumber.Signed => q >= top ? q - (2 * top) : q,
            CodeNumber.SignMagnitude => q >= top ? top - q : q,
            CodeNumber.Sign => (2 * q) - 1,
            CodeNumber.InvertedSign => 1 - (2 * q),
            CodeNumber.Trit => q - 1,
            _ => q,
        };
        return number + code.Offset;
    }

    /// <summary>Whether a table that is stored with the matrix has integers that bytes look up; those of inputs have not, nor long ones.</summary>
    private static bool IsLookedUp(FormatSpec spec, Grouping grouping) =>
        spec.Learned >= 0 && !spec.HasInputTables
        && spec.Parameters[spec.Learned].Count <= ShuffledNumbers
        && (spec.HasMatrixTable || grouping.QuadsPerSegment % TransposedQuads == 0);

    /// <summary>The integers of a table that is not known yet; see <see cref="Approximated"/>.</summary>
    private static DecodedForm OfStoredTable(int bits, int numbers) =>
        Narrow(bits, RecodeRule.None, 0, 1, -ApproximatedHalf, (2 * ApproximatedHalf >> LowPlaneBits) - 1) with
        {
            Planes = 2,
            PlaneShift = LowPlaneBits,
            TableError = StoredTableError,
            StoredNumbers = numbers,
        };

    private static DecodedForm OfIntegers(CodeSpec code)
    {
        int top = 1 << (code.Bits - 1);
        switch (code.Kind)
        {
            case CodeNumber.Unsigned when code.Bits == 8:
                // 0…255 exceeds a signed byte by a constant that the offset sums put back.
                return Wide(RecodeRule.Xor, 0x80, 128 + code.Offset);
            case CodeNumber.Signed when code.Bits == 8:
                return Wide(RecodeRule.None, 0, code.Offset);
            case CodeNumber.SignMagnitude when code.Bits == 8:
                return Wide(RecodeRule.SignMagnitude, top, code.Offset) with { Largest = 127 };
            case CodeNumber.Unsigned:
                return Narrow(code.Bits, RecodeRule.None, 0, 1, code.Offset, (1 << code.Bits) - 1);
            case CodeNumber.Signed:
                return Narrow(code.Bits, RecodeRule.Xor, top, 1, code.Offset - top, (1 << code.Bits) - 1);
            case CodeNumber.SignMagnitude:
                return Narrow(code.Bits, RecodeRule.SignMagnitude, top, 1, code.Offset - (top - 1), 2 * (top - 1)) with { RecodeBias = top - 1 };
            case CodeNumber.Sign:
                return Narrow(1, RecodeRule.None, 0, 2, code.Offset - 1, 2);
            case CodeNumber.InvertedSign:
                return Narrow(1, RecodeRule.Xor, 1, 2, code.Offset - 1, 2);
            case CodeNumber.Float:
                // Floats stay what they are; no integer kernel reads them.
                return Narrow(code.Bits, RecodeRule.None, 0, 1, 0, 0);
            case CodeNumber.Trit:
                // The code 3 decodes to +2 everywhere, although no encoder writes it.
                return Narrow(2, RecodeRule.None, 0, 1, code.Offset - 1, 3);
            default:
                throw new ArgumentOutOfRangeException(nameof(code));
        }
    }

    private static DecodedForm Narrow(int bits, RecodeRule rule, int constant, int step, int correction, int largest) =>
        new(bits, rule, constant, 0, step, correction, largest, false, default, 1, 0, One, default, 0);

    private static DecodedForm Wide(RecodeRule rule, int constant, int correction) =>
        new(8, rule, constant, 0, 1, correction, 128, true, default, 1, 0, One, default, 0);

    private static DecodedForm OfTable(CodebookSpec codebook)
    {
        // Integer products take what is no number as 0.
        float[] values = codebook.ValueBits.Select(static bits => FloatBits.IsFinite(bits) ? FloatBits.ToSingle(bits) : 0).ToArray();
        int bits = 0;
        while (1 << bits < values.Length)
        {
            bits++;
        }

        return Progression(codebook, values, bits) ?? Exact(values, bits) ?? Approximated(codebook, values, bits);
    }

    /// <summary>The form of integers in even steps of a power of two: no table is needed.</summary>
    private static DecodedForm? Progression(CodebookSpec codebook, float[] values, int bits)
    {
        float step = values[1] - values[0];
        bool isProgression = step is 1 or 2 or 4 or 8
            && values[0] >= -32768 && values[0] + (step * values.Length) <= 32767
            && step * (values.Length - 1) <= 127
            && values.Select((value, i) => value == Math.Round(value) && value == values[0] + (i * step)).All(isNext => isNext)
            && codebook.ValueBits.All(value => value != int.MinValue && FloatBits.IsFinite(value));
        return isProgression
            ? Narrow(bits, RecodeRule.None, 0, (int)step, (int)values[0], (int)step * (values.Length - 1))
            : null;
    }

    /// <summary>The form of a table whose entries are one power of two times integers of 8 bits.</summary>
    private static DecodedForm? Exact(float[] values, int bits)
    {
        double largest = values.Max(v => Math.Abs((double)v));
        if (largest == 0)
        {
            return Narrow(bits, RecodeRule.None, 0, 1, 0, 0) with { Table = new int[values.Length].ToEquatableArray() };
        }

        // The coarsest power of two of which every entry is a multiple leaves the smallest integers.
        int exponent = (int)Math.Floor(Math.Log(largest, 2)) + 1;
        double factor = Math.Pow(2, exponent);
        for (int tries = 0; tries < 9 && values.Any(v => v / factor != Math.Round(v / factor)); tries++)
        {
            factor /= 2;
        }

        double low = values.Min(v => v / factor);
        double high = values.Max(v => v / factor);
        if (values.Any(v => v / factor != Math.Round(v / factor)) || high - low > 255 || low < -32768 || high > 32767)
        {
            return null;
        }

        // Differences of at most 127 give unsigned bytes whose products two to an int16 cannot overflow.
        bool narrow = high - low <= 127;
        int correction = narrow ? (int)low : low >= -128 && high <= 127 ? 0 : (int)low + 128;
        int[] table = values.Select(v => (int)(v / factor) - correction).ToArray();
        return new(bits, RecodeRule.None, 0, 0, 1, correction, table.Max(Math.Abs), !narrow, table.ToEquatableArray(), 1, 0, FloatBits.FromSingle((float)factor), default, 0);
    }

    private static DecodedForm Approximated(CodebookSpec codebook, float[] values, int bits)
    {
        double largest = values.Max(v => Math.Abs((double)v));
        double scale = (ApproximatedHalf - 1) / largest;
        int[] rounded = values.Select(v => (int)Math.Round(v * scale) + ApproximatedHalf).ToArray();
        float factor = (float)(1 / scale);
        double error = values.Zip(rounded, (v, r) => Math.Abs((factor * (double)(r - ApproximatedHalf)) - v)).Max() / largest;
        return new(
            bits,
            RecodeRule.None,
            0,
            0,
            1,
            -ApproximatedHalf,
            (2 * ApproximatedHalf >> LowPlaneBits) - 1,
            false,
            rounded.Select(r => r >> LowPlaneBits).Concat(rounded.Select(r => r & ((1 << LowPlaneBits) - 1))).ToEquatableArray(),
            2,
            LowPlaneBits,
            FloatBits.FromSingle(factor),
            codebook.ValueBits,
            error);
    }
}
