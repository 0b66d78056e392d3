using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes how the words of a block, in <c>entries</c>, become the digits in <c>codes</c>, and back. Plain C# divides each word; targets with vectors multiply 16 fractions at once, or
/// look up the digits of words of few bits together.
/// </summary>
/// <param name="spec">The format.</param>
/// <param name="target">Prints the idioms.</param>
internal sealed class DigitExpansion(FormatSpec spec, Target target)
{
    /// <summary>The table of the digits of all words.</summary>
    private const string Table = "Digits";

    /// <summary>Words that vectors take at once.</summary>
    private const int Lanes = 16;

    /// <summary>Digits that the entries of the table have room for.</summary>
    private const int TableDigits = 4;

    private const int LongestByte = 8;

    /// <summary>Words that a few shuffles tell apart.</summary>
    private const int ShuffledWords = 32;

    /// <summary>Bytes of a store of several words' digits.</summary>
    private const int StoredBytes = 8;

    /// <summary>
    /// Whether the digits of a word, more than one, stand side by side, those of all words fill whole stores, and few enough words exist for them to be looked up.
    /// </summary>
    public static bool HasTable(FormatSpec spec) =>
        spec.Digits.Count == 1 && spec.Digits[0] is { Stripe: 1, Used: > 1 and <= TableDigits, Bits: <= LongestByte } run && run.Words * run.Used % StoredBytes == 0;

    /// <summary>Scalar class only: the table, where there is one.</summary>
    public static void WriteTable(CodeWriter code, FormatSpec spec)
    {
        DigitRun run = spec.Digits[0];
        byte[] digits = [.. Enumerable.Range(0, 1 << run.Bits).SelectMany(word => DigitsOf(run, word).Concat(Enumerable.Repeat((byte)0, TableDigits - run.Used)))];
        code.Doc("<summary>The digits of every word, the first lowest.</summary>");
        ScalarTables.Table(code, Table, "uint", TableDigits, digits);
    }

    /// <summary>Fills the codes, lane by lane.</summary>
    public void Write(CodeWriter code)
    {
        foreach (DigitRun run in spec.Digits)
        {
            Divide(code, run);
        }
    }

    /// <summary>Fills the codes on a target with vectors.</summary>
    public void WriteVectors(CodeWriter code, string owner)
    {
        foreach (DigitRun run in spec.Digits)
        {
            if (HasTable(spec))
            {
                if (ShufflesDigits(run))
                {
                    Shuffle(code, run);
                }
                else
                {
                    LookUp(code, run, owner);
                }
            }
            else if (run is { Fraction: true, Bits: <= LongestByte, Radix: < 1 << LongestByte } && run.Words % Lanes == 0 && run.Stripe % Lanes == 0)
            {
                Multiply(code, run);
            }
            else
            {
                Divide(code, run);
            }
        }
    }

    /// <summary>Writes the inverse, which encoders need: <c>words</c> from <c>codes</c>.</summary>
    public void WriteWords(CodeWriter code)
    {
        foreach (DigitRun run in spec.Digits)
        {
            using (code.Block($"for (int i = 0; i < {run.Words}; i++)"))
            {
                code.Line($"byte* digits = {First(run)};");
                code.Line("uint number = 0;");
                for (int n = 0; n < run.Count; n++)
                {
                    code.Line(n < run.Used
                        ? $"number = (number * {run.Radix}) + digits[{Text(n * run.Stripe)}];"
                        : $"number *= {run.Radix};");
                }

                string word = run.Fraction ? $"(uint)((((ulong)number << {run.Bits}) + {run.Numbers - 1}) / {run.Numbers})"
                    : run.Mirror ? $"number < {Middle(run)} ? {Sign(run) + Middle(run)} - number : number - {Middle(run)}"
                    : "number";
                code.Line($"words[{IndexExpression.Sum("i", Text(run.FirstWord))}] = ({Buffers.StoredType(spec)})({word});");
            }
        }
    }

    private void Divide(CodeWriter code, DigitRun run)
    {
        using (code.Block($"for (int i = 0; i < {run.Words}; i++)"))
        {
            code.Line($"uint word = entries[{IndexExpression.Sum("i", Text(run.FirstWord))}];");
            if (run.Mirror)
            {
                // A whole turn of the digits keeps differences above 0.
                code.Line($"word = (word & {Sign(run)}) != 0 ? {run.Numbers + Middle(run) + Sign(run)} - word : {Middle(run)} + word;");
            }

            code.Line($"byte* digits = {First(run)};");
            for (int n = 0; n < run.Used; n++)
            {
                string digit = $"digits[{Text(n * run.Stripe)}]";
                if (run.Fraction)
                {
                    code.Line($"word *= {run.Radix};");
                    code.Line($"{digit} = (byte)(word >> {run.Bits});");
                    if (n < run.Used - 1)
                    {
                        code.Line($"word &= 0x{(1 << run.Bits) - 1:X};");
                    }

                    continue;
                }

                long weight = Weight(run, n);
                code.Line($"{digit} = (byte)({(weight == 1 ? "word" : $"(word / {weight})")} % {run.Radix});");
            }
        }
    }

    /// <summary>Digits are what the products of a fraction and the radix have above it: 16 words in lanes of 16 bits.</summary>
    private void Multiply(CodeWriter code, DigitRun run)
    {
        using (code.Block($"for (int i = 0; i < {run.Words}; i += {Lanes})"))
        {
            code.Line($"Vector128<byte> words = Vector128.Load({IndexExpression.Offset("entries", Text(run.FirstWord), "i")});");
            code.Line($"Vector128<ushort> radix = Vector128.Create((ushort){run.Radix});");
            code.Line("Vector128<ushort> low = Vector128.WidenLower(words) * radix;");
            code.Line("Vector128<ushort> high = Vector128.WidenUpper(words) * radix;");
            code.Line($"byte* digits = {First(run)};");
            for (int n = 0; n < run.Used; n++)
            {
                code.Line($"Vector128.Narrow(low >>> {run.Bits}, high >>> {run.Bits}).Store({IndexExpression.Offset("digits", Text(n * run.Stripe))});");
                if (n < run.Used - 1)
                {
                    string fraction = $"Vector128.Create((ushort)0x{(1 << run.Bits) - 1:X})";
                    code.Line($"low = (low & {fraction}) * radix;");
                    code.Line($"high = (high & {fraction}) * radix;");
                }
            }
        }
    }

    /// <summary>Whether byte shuffles look up one digit of a vector of words each, and bring those of 16 words side by side.</summary>
    private bool ShufflesDigits(DigitRun run) =>
        target.LookupInstruction(1 << run.Bits) is not null && 1 << run.Bits <= ShuffledWords && run.Words % target.RowBytes == 0;

    /// <summary>A plane of every digit, then vectors of the codes made of all planes.</summary>
    private void Shuffle(CodeWriter code, DigitRun run)
    {
        byte[][] digits = [.. Enumerable.Range(0, 1 << run.Bits).Select(word => DigitsOf(run, word).ToArray())];
        for (int n = 0; n < run.Used; n++)
        {
            code.Line(target.DeclareTable($"digit{n}", [.. digits.Select(ofWord => (int)ofWord[n])]));
        }

        for (int first = 0; first < run.Words; first += target.RowBytes)
        {
            string names = first == 0 ? string.Empty : Text(first);
            code.Line($"{target.Bytes} words{names} = {target.LoadBytes(IndexExpression.Offset("entries", Text(run.FirstWord + first)))};");
            for (int n = 0; n < run.Used; n++)
            {
                code.Line($"{target.Bytes} plane{names}{(char)('a' + n)} = {target.Lookup($"digit{n}", $"words{names}", digits.Length)};");
            }

            for (int part = 0; part < target.RowBytes; part += Lanes)
            {
                for (int vector = 0; vector < run.Used; vector++)
                {
                    // Byte b of these is digit b % Used of word b / Used.
                    IEnumerable<string> shuffled = Enumerable.Range(0, run.Used).Select(n =>
                    {
                        IEnumerable<int> indices = Enumerable.Range(vector * Lanes, Lanes).Select(b => b % run.Used == n ? b / run.Used : BlockWindow.Zero);
                        return $"Vector128.Shuffle({Part($"plane{names}{(char)('a' + n)}", part)}, Vector128.Create((byte){IntegerList.Of(indices)}))";
                    });
                    string pointer = IndexExpression.Offset("codes", Text(run.First + ((first + part) * run.Used) + (vector * Lanes)));
                    code.Line($"({string.Join(" | ", shuffled)}).Store({pointer});");
                }
            }
        }
    }

    /// <summary>The 16 bytes of a vector from one on.</summary>
    private string Part(string bytes, int first) => target.RowBytes switch
    {
        Lanes => bytes,
        2 * Lanes => $"{bytes}.Get{(first == 0 ? "Lower" : "Upper")}()",
        _ => $"{bytes}.Get{(first < 2 * Lanes ? "Lower" : "Upper")}().Get{(first % (2 * Lanes) == 0 ? "Lower" : "Upper")}()",
    };

    /// <summary>The digits of as many words as fill whole 8 bytes are stored together, so that nothing that was stored in parts is loaded at once.</summary>
    private void LookUp(CodeWriter code, DigitRun run, string owner)
    {
        code.Line($"uint* digits = {owner}{Table};");
        int period = Enumerable.Range(1, StoredBytes).First(words => words * run.Used % StoredBytes == 0);
        using (code.Block($"for (long i = 0; i < {Text(run.Words / period)}; i++)"))
        {
            for (int word = 0; word < period; word++)
            {
                code.Line($"ulong d{word} = digits[entries[{IndexExpression.Sum(IndexExpression.Times("i", period), Text(run.FirstWord + word))}]];");
            }

            for (int at = 0; at < period * run.Used; at += StoredBytes)
            {
                IEnumerable<string> parts = Enumerable.Range(0, period)
                    .Where(word => word * run.Used < at + StoredBytes && (word + 1) * run.Used > at)
                    .Select(word => Moved($"d{word}", 8 * ((word * run.Used) - at)));
                string pointer = IndexExpression.Offset("codes", Text(run.First + at), IndexExpression.Times("i", period * run.Used));
                code.Line($"*(ulong*)({pointer}) = {string.Join(" | ", parts)};");
            }
        }
    }

    private static string Moved(string digits, int bits) => bits == 0 ? digits : bits > 0 ? $"({digits} << {Text(bits)})" : $"({digits} >> {Text(-bits)})";

    /// <summary>What <see cref="Divide"/> makes of a word.</summary>
    private static IEnumerable<byte> DigitsOf(DigitRun run, long word)
    {
        if (run.Mirror)
        {
            word = (word & Sign(run)) != 0 ? run.Numbers + Middle(run) + Sign(run) - word : Middle(run) + word;
        }

        for (int n = 0; n < run.Used; n++)
        {
            if (run.Fraction)
            {
                word *= run.Radix;
                yield return (byte)(word >> run.Bits);
                word &= (1 << run.Bits) - 1;
            }
            else
            {
                yield return (byte)(word / Weight(run, n) % run.Radix);
            }
        }
    }

    private static long Weight(DigitRun run, int digit) => Enumerable.Repeat((long)run.Radix, run.Count - 1 - digit).Aggregate(1L, static (a, b) => a * b);

    private static long Middle(DigitRun run) => (run.Numbers - 1) / 2;

    private static int Sign(DigitRun run) => 1 << (run.Bits - 1);

    /// <summary>The first input of word i of a run.</summary>
    private static string First(DigitRun run)
    {
        string input = run.Stripe == 1 ? IndexExpression.Times("i", run.Used)
            : run.Words == run.Stripe ? "i"
            : $"(i / {run.Stripe} * {run.Stripe * run.Used}) + (i % {run.Stripe})";
        return IndexExpression.Offset("codes", Text(run.First), input);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
