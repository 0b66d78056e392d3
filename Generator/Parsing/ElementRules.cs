using System.Collections.Generic;
using System.Globalization;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Parsing;

/// <summary>Checks how stored entries become the codes of single inputs: [Vector], [Signs] and [Digits].</summary>
internal static class ElementRules
{
    private const int MaxLength = 64;
    private const int MaxTable = 65536;
    private const int MaxSignInputs = 16;

    /// <summary>Inputs a code stands for; 1, with a diagnostic, where the declaration is wrong.</summary>
    public static int Length(DeclaredElement element, DeclaredCodes codes, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        if (element.Vector is not { } vector)
        {
            return 1;
        }

        string? fault =
            vector.Length is < 2 or > MaxLength ? "A vector of " + Text(vector.Length) + " inputs is not supported; give 2 to " + Text(MaxLength)
            : element.Codebook is null && element.File is null ? "A vector needs a [Codebook] or a [CodebookFile] with its values"
            : element.Digits.Count != 0 ? "Digits of words are codes of single inputs; remove [Vector] or [Digits]"
            : block.Inputs < 0 ? "A row of vectors cannot be one block; give the block a length"
            : block.Inputs > 0 && block.Inputs % vector.Length != 0 ? "The vectors' " + Text(vector.Length) + " inputs do not divide the block's " + Text(block.Inputs)
            : codes.Bits is >= 1 and <= 16 && vector.Length << codes.Bits > MaxTable ? "The table would have " + Text(vector.Length << codes.Bits) + " values, beyond the limit of " + Text(MaxTable)
            : null;
        if (fault is null)
        {
            return vector.Length;
        }

        diagnostics.Add(Rules.VectorUnsupported, vector.Location, fault);
        return 1;
    }

    /// <summary>The quantity of the signs, or none and a diagnostic.</summary>
    public static ParameterSpec? Signs(DeclaredSigns signs, DeclaredElement element, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        string? fault =
            signs.Inputs is < 1 or > MaxSignInputs ? "Signs of " + Text(signs.Inputs) + " inputs are no entry; give 1 to " + Text(MaxSignInputs)
            : block.Inputs < 0 ? "A whole-row block stores codes only; give the block a length"
            : block.Inputs > 0 && block.Inputs % signs.Inputs != 0 ? "The signs' " + Text(signs.Inputs) + " inputs do not divide the block's " + Text(block.Inputs)
            : signs.Parity < -1 || signs.Parity >= signs.Inputs ? "Parity = " + Text(signs.Parity) + " names no input of an entry; give 0 to " + Text(signs.Inputs - 1) + ", or -1 for none"
            : signs.Parity >= 0 && signs.Inputs == 1 ? "An entry of one input whose sign is not stored has no bits"
            : element.Digits.Count != 0 ? "Digits cannot have signs; remove [Signs] or [Digits]"
            : null;
        if (fault is not null)
        {
            diagnostics.Add(Rules.SignsUnsupported, signs.Location, fault);
            return null;
        }

        int bits = signs.Inputs - (signs.Parity >= 0 ? 1 : 0);
        return new ParameterSpec(
            ParameterRole.Sign, "signs", new StoredType(StoredClass.Unsigned, bits), ParameterExtent.Block, signs.Inputs, 1, 0, Negative: false);
    }

    /// <summary>The runs of digits, which fill the block; empty where there are none or a diagnostic was added.</summary>
    public static List<DigitRun> Digits(DeclaredElement element, DeclaredCodes codes, DeclaredBlock block, DiagnosticBag diagnostics)
    {
        bool hasTable = element is not { Codebook: null, File: null, Minifloat: null };
        List<DigitRun> runs = [];
        int first = 0;
        int word = 0;
        foreach (DeclaredDigits digits in element.Digits)
        {
            int inputs = digits.Inputs == 0 ? block.Inputs - first : digits.Inputs;
            int used = digits.Used == 0 ? digits.Count : digits.Used;
            if (Fault(digits, inputs, used, element.Digits[0].Bits, first, codes, hasTable, block) is { } fault)
            {
                diagnostics.Add(Rules.DigitsUnsupported, digits.Location, fault);
                return [];
            }

            DigitRun run = new(digits.Radix, digits.Count, used, digits.Bits, digits.Fraction, digits.Stripe, first, inputs, word, digits.Mirror);
            runs.Add(run);
            first += inputs;
            word += run.Words;
        }

        if (runs.Count != 0 && first != block.Inputs)
        {
            diagnostics.Add(
                Rules.DigitsUnsupported,
                element.Digits[element.Digits.Count - 1].Location,
                "The runs of digits hold " + Text(first) + " inputs, the block has " + Text(block.Inputs));
            return [];
        }

        return runs;
    }

    private static string? Fault(DeclaredDigits digits, int inputs, int used, int bits, int first, DeclaredCodes codes, bool hasTable, DeclaredBlock block)
    {
        if (digits.Radix is < 2 or > 255 || digits.Bits is < 1 or > 16 || digits.Count < 1 || digits.Stripe < 1)
        {
            return "Give a radix of 2 to 255, words of 1 to 16 bits, one or more digits and a stripe of one or more inputs";
        }

        long numbers = 1;
        for (int i = 0; i < digits.Count && numbers <= 1 << digits.Bits; i++)
        {
            numbers *= digits.Radix;
        }

        return codes.Kind is not ((int)CodeNumber.Unsigned or (int)CodeNumber.Trit) || hasTable ? "Digits are unsigned or trit codes without a table"
            : block.Inputs < 0 ? "A row of digits cannot be one block; give the block a length"
            : digits.Mirror && (digits.Fraction || numbers % 2 == 0 || 1 << digits.Bits < numbers + 1 || 1 << digits.Bits > 3 * numbers) ? "Mirrored words are no fractions, and hold a sign above the magnitudes of an odd number of digits' numbers"
            : digits.Bits != bits ? "All words of a block have the same number of bits; the first run says " + Text(bits)
            : numbers > 1 << digits.Bits ? Text(digits.Count) + " digits to the radix " + Text(digits.Radix) + " do not fit " + Text(digits.Bits) + " bits"
            : codes.Bits is >= 1 and <= 8 && digits.Radix > 1 << codes.Bits ? "Digits to the radix " + Text(digits.Radix) + " do not fit codes of " + Text(codes.Bits) + " bits"
            : used < 1 || used > digits.Count ? "Used = " + Text(digits.Used) + " is not between 1 and the " + Text(digits.Count) + " digits of a word"
            : inputs < 1 || first > block.Inputs - inputs ? "The run of " + Text(inputs) + " inputs from input " + Text(first) + " does not fit the block's " + Text(block.Inputs)
            : inputs % ((long)used * digits.Stripe) != 0 ? "The run's " + Text(inputs) + " inputs are no multiple of " + Text(used) + " digits * stripe " + Text(digits.Stripe)
            : null;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
