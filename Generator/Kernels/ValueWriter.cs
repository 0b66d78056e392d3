using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes f32 weights from codes: the declared decode formula, one rounding per step, no fused multiply-add.</summary>
internal sealed class ValueWriter(FormatPlan plan, Target target)
{
    private readonly BFloat16Formula? _halves = plan.Minifloat?.BFloat16;
    private int _names;
    private string _quad = string.Empty;

    /// <summary>What the names of declared values begin with.</summary>
    public string Prefix { get; init; } = "i";

    /// <summary>The name of the rows' tables.</summary>
    public string RowTables { get; init; } = "values";

    /// <summary>Whether the table that a group chose is taken into registers, by <see cref="ChooseTable"/>, where those do not hold all tables.</summary>
    public bool ChoosesTables { get; init; }

    /// <summary>
    /// The formula of the table, where a target is better off with it: where registers do not hold the whole table. Looking up in memory takes a load a lane.
    /// </summary>
    private MinifloatFormula? Formula => target.DecodesInRegisters && plan.Values?.ValueBits.Count > target.SingleTableRegisters ? plan.Minifloat : null;

    /// <summary>The same for packed codes, in lanes of 16 bits.</summary>
    private BFloat16Formula? PackedFormula => Formula is null ? null : _halves;

    /// <summary>Numbers of an input's table.</summary>
    private int InputTableNumbers => plan.Spec.Parameters[plan.Spec.Learned].Count;

    /// <summary>
    /// Declares the table of exact values, where codes index one: constant, the row's own, or those of the inputs from the row's first on, which
    /// stand at <paramref name="inputTables"/>.
    /// </summary>
    public void DeclareTables(CodeWriter code, string? inputTables = null)
    {
        if (plan.Spec.HasInputTables)
        {
            code.Line(target.DeclareMemoryTable("values", inputTables ?? RowParameters.InputSidePointer(plan.Spec)));
        }
        else if (plan.Spec.Learned >= 0)
        {
            LearnedTable.Declare(code, plan, target, "values");
        }

        DeclareValues(code);
    }

    /// <summary>Declares the tables of the rows of a panel, or of its inputs from block <paramref name="first"/> on.</summary>
    public void DeclarePanelTables(CodeWriter code, string row, string first, string panel = "panel")
    {
        if (plan.Spec.HasInputTables)
        {
            string at = IndexExpression.Times(first, plan.Grouping.Block * InputTableNumbers);
            code.Line($"float* tables = (float*)({RowParameters.InputSidePointer(plan.Spec)}) + ({at});");
        }
        else if (plan.Spec.Learned >= 0 && !plan.Spec.HasMatrixTable)
        {
            PanelField field = plan.Panel.Fields.Single(f => f.Place == PanelPlace.Table);
            code.Line(target.DeclareMemoryTable(RowTables, IndexExpression.Offset(panel, $"{field.At}", IndexExpression.Times(row, 4))));
        }
    }

    /// <summary>Declares the tables for <see cref="OfPacked"/> that are the same for every panel: constants, and the matrix's own.</summary>
    public void DeclareCommonTables(CodeWriter code)
    {
        if (plan.Spec.HasMatrixTable)
        {
            LearnedTable.Declare(code, plan, target, "values");
        }

        DeclareValues(code);
        if (PackedFormula is { } formula)
        {
            code.Line(target.DeclareTable("exceptionsLow", [.. formula.Table.Select(static bits => bits & 0xFF)]));
            code.Line(target.DeclareTable("exceptionsHigh", [.. formula.Table.Select(static bits => bits >> 8)]));
        }
    }

    private void DeclareValues(CodeWriter code)
    {
        if (plan.Values is { } codebook && Formula is null)
        {
            code.Line(target.DeclareSingleTable("values", codebook.ValueBits.ToList()));
        }
    }

    /// <summary>The f32 value of byte <paramref name="index"/> of the packed codes, which contain the form's step. Those of a quad are asked for in order.</summary>
    public string OfPacked(CodeWriter code, string packed, int index)
    {
        if (PackedFormula is { } halves)
        {
            return OfBFloat16(code, halves, packed, index);
        }

        if (Formula is { } formula)
        {
            return OfMinifloat(code, formula, $"{packed}.AsInt32()", 32 - formula.Bits - (8 * index));
        }

        bool signed = plan.Form.Signed && !plan.Form.IsLookup;
        string element = target.ByteOf(packed, index, signed);
        if (plan.Spec.HasInputTables)
        {
            string table = "table" + _names;
            string q = Name(code, element);
            code.Line(target.DeclareSingleTableAt(table, "tables", InputTableNumbers));
            code.Line($"tables += {InputTableNumbers};");
            return target.LookupSingle(table, q, InputTableNumbers);
        }

        return plan.Spec.Learned < 0
            ? Value(code, element)
            : plan.Spec.HasMatrixTable
            ? target.LookupSingle("values", Name(code, element), plan.Spec.Parameters[plan.Spec.Learned].Count)
            : target.LookupMemory(RowTables, target.AddInt32($"({Name(code, element)} << {PowerOfTwo.Log2(plan.Panel.Rows)})", target.LaneIndices));
    }

    /// <summary>The f32 values of the unpacked codes at <paramref name="pointer"/>, which are those of the block's inputs from <paramref name="input"/> on.</summary>
    public string Load(CodeWriter code, string pointer, string input)
    {
        if (plan.Spec.Codes.Float is { } type)
        {
            return target.LoadStored(type, $"({pointer})", 0);
        }

        if (!plan.Spec.HasInputTables)
        {
            return OfStored(code, target.LoadCodes(pointer));
        }

        // Every lane is another input, whose table begins where the one before it ends.
        string q = Name(code, target.LoadCodes(pointer));
        string index = target.Lanes == 1 ? q : target.AddInt32(q, $"({target.LaneIndices} << {plan.Spec.Codes.Bits})");
        return target.LookupMemory($"({IndexExpression.Offset("values", IndexExpression.Times(input, InputTableNumbers))})", index);
    }

    /// <summary>Whether a target looks up one of several tables in registers, and all of them in memory.</summary>
    public static bool ProfitsFromChoice(FormatPlan plan, Target target) =>
        plan.Spec.Selector >= 0
        && plan.Values?.ValueBits.Count > target.SingleTableRegisters
        && 1 << plan.Spec.Codes.Bits <= target.SingleTableRegisters;

    /// <summary>Loads the table of the inputs whose codes, with the table's number above them, begin at <paramref name="codes"/>.</summary>
    public void ChooseTable(CodeWriter code, string codes)
    {
        if (ChoosesTables)
        {
            int entries = 1 << plan.Spec.Codes.Bits;
            code.Line(target.DeclareSingleTableAt("chosen", $"values + (*({codes}) & -{entries})", entries));
        }
    }

    /// <summary>Moves on to the tables of the inputs of the next stored block.</summary>
    public void NextBlock(CodeWriter code)
    {
        if (plan.Spec.HasInputTables)
        {
            code.Line($"values += {plan.Spec.Block.Inputs * InputTableNumbers};");
        }
    }

    /// <summary>The f32 value of a stored code in the highest bits of an int32 per lane; below it stands anything.</summary>
    public string OfTop(CodeWriter code, string top)
    {
        int shift = 32 - plan.Spec.Codes.Bits;
        if (plan.Spec.Learned < 0 && Formula is { } formula)
        {
            return OfMinifloat(code, formula, top, 0);
        }

        if (plan.Spec.Learned >= 0 || plan.Values is not null || plan.Form.Recode != RecodeRule.SignMagnitude)
        {
            return OfStored(code, $"{top} >>> {shift}");
        }

        string name = Name(code, top);
        string magnitude = $"(({name} >>> {shift}) & {target.ConstantInt32(plan.Form.RecodeConstant - 1)})";
        return OfInteger(target.Negated(magnitude, name), plan.Form.Correction + plan.Form.RecodeBias);
    }

    /// <summary>The f32 value of a stored code held in an int32 per lane.</summary>
    public string OfStored(CodeWriter code, string stored)
    {
        DecodedForm form = plan.Form;
        if (plan.Spec.Learned >= 0)
        {
            return target.LookupSingle("values", Name(code, stored), plan.Spec.Parameters[plan.Spec.Learned].Count);
        }

        if (Formula is { } formula)
        {
            return OfMinifloat(code, formula, $"({stored})", 32 - formula.Bits);
        }

        if (plan.Values is not null)
        {
            return Value(code, stored);
        }

        string q = Name(code, stored);
        string value = form.Recode switch
        {
            RecodeRule.Xor => $"{q} ^ {target.ConstantInt32(form.RecodeConstant)}",
            RecodeRule.SignMagnitude => SignMagnitude(q, form.RecodeConstant),
            _ => q,
        };
        int correction = form.Correction;
        if (form.Recode == RecodeRule.SignMagnitude)
        {
            // The number itself, without the bias that makes it a packed code.
            correction += form.RecodeBias;
        }
        else if (form.Signed && form.Recode == RecodeRule.Xor)
        {
            // q ^ 128 as a signed byte is q - 128.
            value = q;
            correction -= 128;
        }
        else if (form.Signed)
        {
            value = $"{q} << 24 >> 24";
        }

        return OfInteger(form.Step == 1 ? value : $"({value}) * {form.Step}", correction);
    }

    /// <summary>(value - zero) * scale + min, for what there is of them.</summary>
    public string Weight(string value, string scale, string zero, string min)
    {
        string weight = zero.Length == 0 ? value : $"({target.Subtract(value, zero)})";
        weight = scale.Length == 0 ? weight : target.Multiply(scale, weight);
        return min.Length == 0 ? $"({weight})" : $"({target.Add($"({weight})", min)})";
    }

    private string Value(CodeWriter code, string index)
    {
        if (ChoosesTables)
        {
            int entries = 1 << plan.Spec.Codes.Bits;
            return target.LookupSingle("chosen", Name(code, $"{index} & {target.ConstantInt32(entries - 1)}"), entries);
        }

        if (plan.Values is { } codebook)
        {
            return target.LookupSingle("values", Name(code, index), codebook.ValueBits.Count);
        }

        return OfInteger(index, plan.Form.Correction);
    }

    private string OfInteger(string value, int correction) =>
        target.ToSingle(correction == 0 ? value : target.AddInt32($"({value})", target.ConstantInt32(correction)));

    /// <summary>The value of a minifloat whose bits, shifted left, have the sign on top; see <see cref="MinifloatFormula"/>.</summary>
    private string OfMinifloat(CodeWriter code, MinifloatFormula formula, string bits, int shift)
    {
        string name = Name(code, shift == 0 ? bits : $"{bits} << {shift}");
        string moved = formula.Shift == 0 ? name : $"({name} >>> {formula.Shift})";
        code.Line($"{target.Int32} {name}m = {moved} & {target.ConstantInt32(formula.MagnitudeMask)};");
        code.Line($"{target.Single} {name}v = ({target.AddInt32($"{name}m", target.ConstantInt32(formula.Rebias))}).AsSingle();");
        string sign = $"({name} & {target.ConstantInt32(int.MinValue)})";
        if (!formula.HasImplicitOne)
        {
            string power = $"({name}v.AsInt32() & {target.ConstantInt32(MinifloatFormula.ExponentMask)}).AsSingle()";
            code.Line($"{target.Single} {name}f = ({target.Subtract($"{name}v", power)}) | {sign}.AsSingle();");
            return name + "f";
        }

        string subnormal = target.MultiplyAdd($"{name}v", target.SplatSingle("2f"), target.SplatSingle(FloatLiteral.Of(formula.LeastNormal | int.MinValue)));
        string special = target.GreaterThan($"{name}m", target.ConstantInt32(formula.FiniteBits));
        string upper = !formula.HasSpecials ? sign
            : formula.SpecialBits == -1 ? $"({sign} | {special})"
            : $"({sign} | ({special} & {target.ConstantInt32(formula.SpecialBits)}))";
        code.Line($"{target.Single} {name}f = {target.SmallerOf($"{name}v", subnormal)} | {upper}.AsSingle();");
        return name + "f";
    }

    /// <summary>The value of an input of a quad whose bfloat16 are computed two inputs at a time; see <see cref="BFloat16Formula"/>.</summary>
    private string OfBFloat16(CodeWriter code, BFloat16Formula formula, string packed, int index)
    {
        if (index == 0)
        {
            _quad = Prefix + _names++;
            code.Line($"{target.Bytes} {_quad} = {target.PairInputs(packed)};");
            string turned = formula.Turn == 0 ? _quad : $"({_quad} + {target.ConstantByte(formula.Turn)})";
            code.Line($"{target.Bytes} {_quad}x = ({turned} & {target.ConstantByte(formula.Magnitudes - 1)}) + {target.ConstantByte(formula.Raise)};");
            code.Line($"{target.Bytes} {_quad}low = {target.LookupBelow128("exceptionsLow", $"{_quad}x")};");
            code.Line($"{target.Bytes} {_quad}high = {target.LookupBelow128("exceptionsHigh", $"{_quad}x")};");
            for (int half = 0; half < 2; half++)
            {
                string top = target.Interleave($"{target.Bytes}.Zero", _quad, half) + ".AsInt16()";
                string moved = formula.Bits == 8 ? $"{top} >> {formula.Shift}" : $"{top} << {8 - formula.Bits} >> {formula.Shift}";
                string normal = $"({moved} & {target.ConstantInt16(formula.MagnitudeMask | short.MinValue)}) + {target.ConstantInt16(formula.Rebias)}";
                code.Line($"{target.Int32} {_quad}h{half} = (({normal}) ^ {target.Interleave($"{_quad}low", $"{_quad}high", half)}.AsInt16()).AsInt32();");
            }
        }

        string halves = $"{_quad}h{index / 2}";
        return index % 2 == 0 ? $"({halves} << 16).AsSingle()" : $"({halves} & {target.ConstantInt32(-1 << 16)}).AsSingle()";
    }

    private string SignMagnitude(string q, int sign) =>
        $"(({q} & {target.ConstantInt32(sign - 1)}) ^ ({target.ConstantInt32(0)} - ({q} >>> {PowerOfTwo.Log2(sign)}))) + ({q} >>> {PowerOfTwo.Log2(sign)})";

    private string Name(CodeWriter code, string value)
    {
        string name = Prefix + _names++;
        code.Line($"{target.Int32} {name} = {value};");
        return name;
    }
}
