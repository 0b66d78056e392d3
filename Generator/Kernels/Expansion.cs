using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes how stored entries of a block become the codes of its inputs: vectors are copied from a table, signs kept apart flip
/// the ranks (see <see cref="ElementCode"/>), words are cut into digits, the choice of a table is put above the code. Plain C#, which every target uses,
/// but for the entries of vectors: targets with vectors cut those out of the block in their own way.
/// </summary>
internal sealed class Expansion(FormatPlan plan, Target target)
{
    private readonly FormatSpec _spec = plan.Spec;

    /// <summary>Writes statements that fill <c>codes</c> from <c>block</c>, of the scalar class.</summary>
    public void Write(CodeWriter code)
    {
        DeclareEntries(code, string.Empty);
        code.Line("UnpackStored(block, entries);");
        if (_spec.Digits.Count != 0)
        {
            foreach (DigitRun run in _spec.Digits)
            {
                Digits(code, run);
            }

            return;
        }

        if (_spec.Selector >= 0)
        {
            Selected(code, _spec.Selector);
            return;
        }

        DeclareSigns(code, string.Empty);
        ReadSigns(code);
        Vectors(code, string.Empty);
    }

    /// <summary>The same of a target whose vectors cut out the entries and signs of vectors of inputs, or nothing and false.</summary>
    public bool TryWrite(CodeWriter code, string scalarClass)
    {
        if (plan.Element.Vectors.Count == 0)
        {
            return false;
        }

        string owner = scalarClass + ".";
        var entries = new CodeWriter();
        if (!CodeExtraction.TryStored(entries, _spec, target, "entries"))
        {
            return false;
        }

        DeclareEntries(code, owner);
        code.Line(entries.ToString().TrimEnd('\n'));
        DeclareSigns(code, owner);

        // Of a smaller block there is one window, which the entries have declared.
        if (!ScalarTables.HasSigns(_spec) || _spec.Block.Bytes < BlockWindow.Size || !CodeExtraction.TryEntries(code, _spec, target, _spec.Signs!.Parameter, "signs"))
        {
            ReadSigns(code);
        }

        Vectors(code, owner);
        return true;
    }

    private void DeclareEntries(CodeWriter code, string owner)
    {
        string stored = Buffers.StoredType(_spec);
        code.Line($"{owner}StoredBuffer storedBuffer;");
        code.Line($"{stored}* entries = ({stored}*)&storedBuffer;");
    }

    private void DeclareSigns(CodeWriter code, string owner)
    {
        if (_spec.Signs is not null)
        {
            code.Line($"{owner}SignBuffer signBuffer;");
            code.Line($"{Buffers.SignType(_spec)}* signs = ({Buffers.SignType(_spec)}*)&signBuffer;");
        }
    }

    private void ReadSigns(CodeWriter code)
    {
        if (_spec.Signs is { } signs)
        {
            SliceWriter.ReadAll(code, _spec, signs.Parameter, "signs", 0, Buffers.SignType(_spec));
        }
    }

    /// <summary>Writes the inverse for digits, which encoders need: <c>words</c> from <c>codes</c>.</summary>
    public void WriteWords(CodeWriter code)
    {
        foreach (DigitRun run in _spec.Digits)
        {
            using (code.Block($"for (int i = 0; i < {run.Words}; i++)"))
            {
                code.Line($"byte* digits = {First(run)};");
                code.Line("uint number = 0;");
                for (int n = 0; n < run.Count; n++)
                {
                    code.Line(n < run.Used
                        ? $"number = (number * {run.Radix}) + digits[{(n * run.Stripe).ToString(CultureInfo.InvariantCulture)}];"
                        : $"number *= {run.Radix};");
                }

                long middle = (run.Numbers - 1) / 2;
                string word = run.Fraction ? $"(uint)((((ulong)number << {run.Bits}) + {run.Numbers - 1}) / {run.Numbers})"
                    : run.Mirror ? $"number < {middle} ? {(1 << (run.Bits - 1)) + middle} - number : number - {middle}"
                    : "number";
                code.Line($"words[{IndexExpression.Sum("i", Text(run.FirstWord))}] = ({Buffers.StoredType(_spec)})({word});");
            }
        }
    }

    /// <summary>Copies vectors, 8 inputs at a time where their signs are looked up: what is stored in parts and read as a whole would have to wait.</summary>
    private void Vectors(CodeWriter code, string owner)
    {
        const int Signed = 8;
        int length = _spec.Codes.Length;
        (string type, int bytes) = ScalarTables.VectorUnit(length);
        code.Line($"{type}* vectors = {owner}Vectors;");
        if (ScalarTables.HasSigns(_spec) && Signed % length == 0)
        {
            int joined = Signed / length;
            code.Line($"ulong* flips = {owner}Signs;");
            using (code.Block($"for (long i = 0; i < {Text(_spec.Block.Inputs / Signed)}; i++)"))
            {
                IEnumerable<string> parts = Enumerable.Range(0, joined).Select(part =>
                {
                    string vector = $"vectors[entries[{IndexExpression.Sum(IndexExpression.Times("i", joined), Text(part))}]]";
                    return part == 0 ? vector : $"((ulong){vector} << {Text(8 * part * length)})";
                });
                code.Line($"*(ulong*)(codes + (8 * i)) = ({string.Join(" | ", parts)}) ^ flips[signs[i]];");
            }

            return;
        }

        int units = length / bytes;
        code.Line($"{type}* inputs = ({type}*)codes;");
        using (code.Block($"for (long i = 0; i < {_spec.StoredCodes}; i++)"))
        {
            for (int unit = 0; unit < units; unit++)
            {
                string index = IndexExpression.Sum(IndexExpression.Times("i", units), Text(unit));
                string entry = IndexExpression.Sum(units == 1 ? "entries[i]" : $"(entries[i] * {units})", Text(unit));
                code.Line($"inputs[{index}] = vectors[{entry}];");
            }
        }

        if (_spec.Signs is { } signs)
        {
            Signs(code, signs, owner);
        }
    }

    private void Selected(CodeWriter code, int selector)
    {
        code.Line("SelectorBuffer selectorBuffer;");
        code.Line("uint* tables = (uint*)&selectorBuffer;");
        SliceWriter.ReadAll(code, _spec, selector, "tables", 0, "uint");
        int inputs = _spec.Parameters[selector].Inputs;
        using (code.Block($"for (int i = 0; i < {Text(_spec.Block.Inputs)}; i++)"))
        {
            string table = inputs == _spec.Block.Inputs ? "*tables" : $"tables[i / {Text(inputs)}]";
            code.Line($"codes[i] = (byte)(entries[i] | ({table} << {Text(_spec.Codes.Bits)}));");
        }
    }

    /// <summary>Flips the codes of inputs with a minus sign.</summary>
    private void Signs(CodeWriter code, SignSpec signs, string owner)
    {
        ParameterSpec parameter = _spec.Parameters[signs.Parameter];
        int mask = plan.Element.SignMask;
        string entries = $"for (int i = 0; i < {_spec.Block.Inputs / parameter.Inputs}; i++)";
        if (ScalarTables.HasSigns(_spec))
        {
            code.Line($"ulong* flips = {owner}Signs;");
            using (code.Block(entries))
            {
                code.Line("*(ulong*)(codes + (8 * i)) ^= flips[signs[i]];");
            }

            return;
        }

        using (code.Block(entries))
        {
            if (signs.Parity >= 0)
            {
                // The parity of 16 bits: of 8, of 4, and then a bit of a table of 16.
                code.Line("uint parity = signs[i] ^ (signs[i] >> 8);");
                code.Line("parity ^= parity >> 4;");
                code.Line("parity = (0x6996u >> (int)(parity & 15)) & 1;");
            }

            code.Line($"uint minus = {Minus(signs, parameter)};");
            using (code.Block($"for (int j = 0; j < {parameter.Inputs}; j++)"))
            {
                code.Line($"codes[(i * {parameter.Inputs}) + j] ^= (byte)(((minus >> j) & 1) * {mask});");
            }
        }
    }

    /// <summary>All sign bits of an entry, the one that makes the minus signs even put where it belongs.</summary>
    private static string Minus(SignSpec signs, ParameterSpec parameter)
    {
        const string Parity = "parity";
        return signs.Parity < 0 ? "signs[i]"
            : signs.Parity == parameter.Inputs - 1 ? $"signs[i] | ({Parity} << {signs.Parity})"
            : signs.Parity == 0 ? $"(signs[i] << 1) | {Parity}"
            : $"(signs[i] & {(1 << signs.Parity) - 1}) | ({Parity} << {signs.Parity}) | (signs[i] >> {signs.Parity} << {signs.Parity + 1})";
    }

    private void Digits(CodeWriter code, DigitRun run)
    {
        using (code.Block($"for (int i = 0; i < {run.Words}; i++)"))
        {
            code.Line($"uint word = entries[{IndexExpression.Sum("i", Text(run.FirstWord))}];");
            if (run.Mirror)
            {
                // A whole turn of the digits keeps differences above 0.
                int sign = 1 << (run.Bits - 1);
                long middle = (run.Numbers - 1) / 2;
                code.Line($"word = (word & {sign}) != 0 ? {run.Numbers + middle + sign} - word : {middle} + word;");
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

                long weight = Enumerable.Repeat((long)run.Radix, run.Count - 1 - n).Aggregate(1L, (a, b) => a * b);
                code.Line($"{digit} = (byte)({(weight == 1 ? "word" : $"(word / {weight})")} % {run.Radix});");
            }
        }
    }

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
