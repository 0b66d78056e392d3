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
    /// <summary>Inputs whose codes are put together in one word: as many as have their signs looked up at once.</summary>
    private const int WordInputs = 8;

    private readonly FormatSpec _spec = plan.Spec;

    /// <summary>Whether codes are words, each of a vector or several, signs flipped: for a row vector of them no more than indices and signs need to be in memory.</summary>
    public bool HasWords => IsVectors && WordInputs % _spec.Codes.Length == 0 && _spec.Block.Inputs % WordInputs == 0 && (_spec.Signs is null || ScalarTables.HasSigns(_spec));

    /// <summary>Whether the target's vectors cut indices and signs out of the block.</summary>
    public bool HasIndices => TryIndices(new CodeWriter());

    private bool IsVectors => !_spec.StoresCodes && _spec.Digits.Count == 0 && (_spec.Codes.Length > 1 || _spec.Signs is not null);

    private bool ChoosesTables => _spec.Selector >= 0;

    /// <summary>Writes statements that fill <c>codes</c> from <c>block</c>, of the scalar class.</summary>
    public void Write(CodeWriter code)
    {
        DeclareStored(code, "entries", string.Empty);
        code.Line("UnpackStored(block, entries);");
        if (_spec.Digits.Count != 0)
        {
            new DigitExpansion(_spec, target).Write(code);
            return;
        }

        if (!IsVectors)
        {
            Selected(code, _spec.Parameters[_spec.Selector].Inputs);
            return;
        }

        DeclareSigns(code, string.Empty);
        ReadSigns(code);
        DeclareSelectors(code, string.Empty);
        ReadSelectors(code);
        if (HasWords)
        {
            DeclareVectors(code, string.Empty);
        }

        Vectors(code, "entries", string.Empty);
    }

    /// <summary>
    /// Writes the method <c>UnpackIndices</c> of a target whose vectors cut the indices of vectors and their signs out of the block, or nothing and false.
    /// </summary>
    public bool TryIndices(CodeWriter code)
    {
        var indices = new CodeWriter();
        if (!IsVectors || !CodeExtraction.TryStored(indices, _spec, target, "indices"))
        {
            return false;
        }

        code.Doc($"<summary>The indices of the vectors of one block{(_spec.Signs is null ? string.Empty : ", and the signs of their inputs")}{(ChoosesTables ? ", and the numbers of their tables" : string.Empty)}.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        string signs = _spec.Signs is null ? string.Empty : $", {Buffers.SignType(_spec)}* signs";
        string tables = ChoosesTables ? ", byte* tables" : string.Empty;
        using (code.Method($"internal static void UnpackIndices(byte* block, {Buffers.StoredType(_spec)}* indices{signs}{tables})"))
        {
            code.Line(indices.ToString().TrimEnd('\n'));

            // Of a smaller block there is one window, which the indices have declared.
            if (!ScalarTables.HasSigns(_spec) || _spec.Block.Bytes < BlockWindow.Size || !CodeExtraction.TryEntries(code, _spec, target, _spec.Signs!.Parameter, "signs"))
            {
                ReadSigns(code);
            }

            if (ChoosesTables && (_spec.Block.Bytes < BlockWindow.Size || !CodeExtraction.TryEntries(code, _spec, target, _spec.Selector, "tables")))
            {
                ReadSelectors(code);
            }
        }

        code.Line();
        return true;
    }

    /// <summary>Declares what <see cref="UnpackIndices"/> fills and <see cref="Words"/> reads.</summary>
    /// <param name="code">Takes the declarations.</param>
    /// <param name="scalarClass">The format's class of plain C#.</param>
    /// <param name="unless">A condition and what is taken instead of the tables' addresses, never: without them the JIT loads these, which it knows, anew for every lookup.</param>
    public void DeclareIndices(CodeWriter code, string scalarClass, string unless = "")
    {
        string owner = scalarClass + ".";
        DeclareStored(code, "indices", owner);
        DeclareSigns(code, owner);
        DeclareSelectors(code, owner);
        if (HasWords)
        {
            DeclareVectors(code, owner, unless);
        }
    }

    /// <summary>The call that fills the indices and signs.</summary>
    public string UnpackIndices => $"UnpackIndices(block, indices{(_spec.Signs is null ? string.Empty : ", signs")}{(ChoosesTables ? ", tables" : string.Empty)});";

    /// <summary>The codes of the inputs of a row vector, from an expression of the first, a whole number of words.</summary>
    public string Words(string first) =>
        $"Vector{Text(8 * target.RowBytes)}.Create({string.Join(", ", Enumerable.Range(0, target.RowBytes / WordInputs).Select(i => Word("indices", IndexExpression.Sum(IndexExpression.Over(first, WordInputs), Text(i)))))}).AsByte()";

    /// <summary>The same as <see cref="Write"/> of a target whose vectors cut out what is stored, or nothing and false.</summary>
    public bool TryWrite(CodeWriter code, string scalarClass)
    {
        string owner = scalarClass + ".";
        if (IsVectors)
        {
            if (!HasIndices)
            {
                return false;
            }

            DeclareIndices(code, scalarClass);
            code.Line(UnpackIndices);
            Vectors(code, "indices", owner);
            return true;
        }

        var entries = new CodeWriter();
        if (_spec.StoresCodes || (ChoosesTables && _spec.Parameters[_spec.Selector].Inputs % CodeExtraction.Window != 0)
            || !CodeExtraction.TryStored(entries, _spec, target, ChoosesTables ? "codes" : "entries"))
        {
            return false;
        }

        if (ChoosesTables)
        {
            code.Line(entries.ToString().TrimEnd('\n'));
            Selected(code, _spec.Parameters[_spec.Selector].Inputs, owner);
            return true;
        }

        DeclareStored(code, "entries", owner);
        code.Line(entries.ToString().TrimEnd('\n'));
        new DigitExpansion(_spec, target).WriteVectors(code, owner);
        return true;
    }

    private void DeclareStored(CodeWriter code, string name, string owner)
    {
        string stored = Buffers.StoredType(_spec);
        code.Line($"{owner}StoredBuffer storedBuffer;");
        code.Line($"{stored}* {name} = ({stored}*)&storedBuffer;");
    }

    private void DeclareVectors(CodeWriter code, string owner, string unless = "")
    {
        code.Line($"{ScalarTables.VectorUnit(_spec.Codes.Length).Type}* vectors = {unless}{owner}Vectors;");
        if (_spec.Signs is not null)
        {
            code.Line($"ulong* flips = {unless}{owner}Signs;");
        }
    }

    /// <summary>The codes of 8 inputs, a vector or several and the signs looked up.</summary>
    private string Word(string indices, string word)
    {
        int length = _spec.Codes.Length;
        int joined = WordInputs / length;
        IEnumerable<string> parts = Enumerable.Range(0, joined).Select(part =>
        {
            string vector = $"vectors[{indices}[{IndexExpression.Sum(IndexExpression.Times(word, joined), Text(part))}]]";
            return part == 0 ? vector : $"((ulong){vector} << {Text(8 * part * length)})";
        });
        string codes = string.Join(" | ", parts);
        if (ChoosesTables)
        {
            string lift = $"0x{string.Concat(Enumerable.Repeat((1 << (plan.Element.Bits - _spec.SelectorBits)).ToString("X2", CultureInfo.InvariantCulture), WordInputs))}UL";
            codes += $" | (tables[{IndexExpression.Over(word, _spec.Parameters[_spec.Selector].Inputs / WordInputs)}] * {lift})";
        }

        return _spec.Signs is null ? codes : $"{(joined == 1 ? codes : $"({codes})")} ^ flips[signs[{word}]]";
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

    /// <summary>Copies vectors, in words where that can be: what is stored in parts and read as a whole would have to wait.</summary>
    private void Vectors(CodeWriter code, string indices, string owner)
    {
        if (HasWords)
        {
            using (code.Block($"for (long i = 0; i < {Text(_spec.Block.Inputs / WordInputs)}; i++)"))
            {
                code.Line($"*(ulong*)(codes + (8 * i)) = {Word(indices, "i")};");
            }

            return;
        }

        int length = _spec.Codes.Length;
        (string type, int bytes) = ScalarTables.VectorUnit(length);
        int units = length / bytes;
        code.Line($"{type}* vectors = {owner}Vectors;");
        code.Line($"{type}* inputs = ({type}*)codes;");
        using (code.Block($"for (long i = 0; i < {_spec.StoredCodes}; i++)"))
        {
            for (int unit = 0; unit < units; unit++)
            {
                string index = IndexExpression.Sum(IndexExpression.Times("i", units), Text(unit));
                string entry = IndexExpression.Sum(units == 1 ? $"{indices}[i]" : $"({indices}[i] * {units})", Text(unit));
                code.Line($"inputs[{index}] = vectors[{entry}];");
            }
        }

        if (_spec.Signs is { } signs)
        {
            Signs(code, signs, owner);
        }
    }

    private void DeclareSelectors(CodeWriter code, string owner)
    {
        if (ChoosesTables)
        {
            code.Line($"{owner}SelectorBuffer selectorBuffer;");
            code.Line("byte* tables = (byte*)&selectorBuffer;");
        }
    }

    private void ReadSelectors(CodeWriter code)
    {
        if (ChoosesTables)
        {
            SliceWriter.ReadAll(code, _spec, _spec.Selector, "tables", 0, "byte");
        }
    }

    /// <summary>Puts the number of its table above every code.</summary>
    private void Selected(CodeWriter code, int inputs)
    {
        DeclareSelectors(code, string.Empty);
        ReadSelectors(code);
        using (code.Block($"for (int i = 0; i < {Text(_spec.Block.Inputs)}; i++)"))
        {
            code.Line($"codes[i] = (byte)(entries[i] | ({Table(inputs)} << {Text(_spec.Codes.Bits)}));");
        }
    }

    /// <summary>The same for codes that are there, in vectors of which no two inputs have other tables.</summary>
    private void Selected(CodeWriter code, int inputs, string owner)
    {
        DeclareSelectors(code, owner);
        ReadSelectors(code);
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
