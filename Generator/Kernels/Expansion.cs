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
            new DigitExpansion(_spec, target).Write(code);
            return;
        }

        if (_spec.Selector >= 0)
        {
            Selected(code, _spec.Parameters[_spec.Selector].Inputs);
            return;
        }

        DeclareSigns(code, string.Empty);
        ReadSigns(code);
        Vectors(code, string.Empty);
    }

    /// <summary>The same of a target whose vectors cut out the entries and signs, or nothing and false.</summary>
    public bool TryWrite(CodeWriter code, string scalarClass)
    {
        string owner = scalarClass + ".";
        var entries = new CodeWriter();
        if (_spec.StoresCodes || (_spec.Selector >= 0 && _spec.Parameters[_spec.Selector].Inputs % CodeExtraction.Window != 0)
            || !CodeExtraction.TryStored(entries, _spec, target, _spec.Selector >= 0 ? "codes" : "entries"))
        {
            return false;
        }

        if (_spec.Selector >= 0)
        {
            code.Line(entries.ToString().TrimEnd('\n'));
            Selected(code, _spec.Parameters[_spec.Selector].Inputs, owner);
            return true;
        }

        DeclareEntries(code, owner);
        code.Line(entries.ToString().TrimEnd('\n'));
        if (_spec.Digits.Count != 0)
        {
            new DigitExpansion(_spec, target).WriteVectors(code, owner);
            return true;
        }

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

    private void ReadSelectors(CodeWriter code, string owner)
    {
        code.Line($"{owner}SelectorBuffer selectorBuffer;");
        code.Line("uint* tables = (uint*)&selectorBuffer;");
        SliceWriter.ReadAll(code, _spec, _spec.Selector, "tables", 0, "uint");
    }

    /// <summary>Puts the number of its table above every code.</summary>
    private void Selected(CodeWriter code, int inputs)
    {
        ReadSelectors(code, string.Empty);
        using (code.Block($"for (int i = 0; i < {Text(_spec.Block.Inputs)}; i++)"))
        {
            code.Line($"codes[i] = (byte)(entries[i] | ({Table(inputs)} << {Text(_spec.Codes.Bits)}));");
        }
    }

    /// <summary>The same for codes that are there, in vectors of which no two inputs have other tables.</summary>
    private void Selected(CodeWriter code, int inputs, string owner)
    {
        ReadSelectors(code, owner);
        int lanes = inputs % target.RowBytes == 0 ? target.RowBytes : CodeExtraction.Window;
        using (code.Block($"for (int i = 0; i < {Text(_spec.Block.Inputs)}; i += {Text(lanes)})"))
        {
            string vector = $"Vector{Text(8 * lanes)}";
            code.Line($"({vector}.Load(codes + i) | {vector}.Create((byte)({Table(inputs)} << {Text(_spec.Codes.Bits)}))).Store(codes + i);");
        }
    }

    /// <summary>The number of the table of input i.</summary>
    private string Table(int inputs) => inputs == _spec.Block.Inputs ? "*tables" : $"tables[i / {Text(inputs)}]";

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

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
