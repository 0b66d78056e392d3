using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes scales, minima and zero points of one row as scalar f32 from their stored bits.</summary>
internal sealed class RowParameters(FormatSpec spec)
{
    /// <summary>Inputs over which every in-block parameter is constant.</summary>
    public int Group { get; } = spec.Parameters.Where(p => p.IsFactor && !p.IsSide).Select(p => p.Inputs).DefaultIfEmpty(spec.Block.Inputs).Min();

    /// <summary>Entries of all in-block parameters.</summary>
    public static int EntriesPerBlock(FormatSpec spec) => spec.Parameters.Where(p => !p.IsSide).Sum(p => spec.Block.Inputs / p.Inputs);

    /// <summary>Index of a parameter's first entry in the parameter array of a block.</summary>
    public static int FirstEntry(FormatSpec spec, int parameter) =>
        spec.Parameters.Take(parameter).Where(p => !p.IsSide).Sum(p => spec.Block.Inputs / p.Inputs);

    /// <summary>Byte of a side parameter in the side record of its extent.</summary>
    public static int SideOffset(FormatSpec spec, int parameter) =>
        spec.Parameters.Take(parameter).Where(p => p.Extent == spec.Parameters[parameter].Extent).Sum(p => p.SideBytes);

    public static int SideBytes(FormatSpec spec, ParameterExtent extent) =>
        spec.Parameters.Where(p => p.Extent == extent).Sum(p => p.SideBytes);

    /// <summary>Declares the side parameters as <c>p0</c>… from <c>rowSide</c> and <c>tensorSide</c>.</summary>
    public void Side(CodeWriter code)
    {
        for (int i = 0; i < spec.Parameters.Count; i++)
        {
            if (spec.Parameters[i] is { IsSide: true, IsFactor: true })
            {
                code.Line($"float p{i} = {SideValue(i)};");
            }
        }
    }

    /// <summary>A side parameter decoded.</summary>
    public string SideValue(int parameter)
    {
        ParameterSpec p = spec.Parameters[parameter];
        string pointer = SidePointer(spec, parameter);
        string raw = p.Type.Bits switch
        {
            > 16 => $"*(uint*)({pointer})",
            > 8 => $"*(ushort*)({pointer})",
            8 => $"*({pointer})",
            // The bits above a narrower number's mean nothing.
            _ => $"(*({pointer}) & 0x{(1 << p.Type.Bits) - 1:X2})",
        };
        return Decode(spec, p, raw);
    }

    /// <summary>Where a side parameter stands in the record of its extent.</summary>
    public static string SidePointer(FormatSpec spec, int parameter) => Offset(
        spec.Parameters[parameter].Extent == ParameterExtent.Row ? "rowSide" : "tensorSide", SideOffset(spec, parameter).ToString(CultureInfo.InvariantCulture));

    /// <summary>Where what is stored per input begins: after the parameters of the matrix.</summary>
    public static string InputSidePointer(FormatSpec spec) => Offset("tensorSide", SideBytes(spec, ParameterExtent.Tensor).ToString(CultureInfo.InvariantCulture));

    /// <summary>Declares the parameters of group <c>group</c> as <c>scale</c>, <c>zero</c> and <c>min</c> and returns the names, empty for what the format lacks.</summary>
    public (string Scale, string Zero, string Min) OfGroup(CodeWriter code, string group)
    {
        string Declare(ParameterRole role, string name)
        {
            string value = Number(role, group);
            if (value.Length == 0)
            {
                return string.Empty;
            }

            code.Line($"float {name} = {value};");
            return name;
        }

        return (Declare(ParameterRole.Scale, "scale"), Declare(ParameterRole.Zero, "zero"), Declare(ParameterRole.Min, "min"));
    }

    /// <summary>The number of a role in a group, from all of its levels, or nothing where it has none.</summary>
    public string Number(ParameterRole role, string group) => LevelFormula.Of(
        spec, FormatPlanner.Levels(spec, role), l => Level(l, group), (a, b) => $"{(a.Contains(" * ") ? $"({a})" : a)} * {b}", (a, b) => $"{a} + {b}");

    /// <summary>The integer meaning of stored bits: transform and sign applied.</summary>
    public static string DecodeInteger(ParameterSpec parameter, string raw)
    {
        (int multiply, int add) = FormatPlanner.IntegerTransform(parameter)!.Value;
        string number = parameter.Type.Class == StoredClass.Signed
            ? $"((int){raw} << {32 - parameter.Type.Bits} >> {32 - parameter.Type.Bits})"
            : $"(int){raw}";
        number = multiply == 1 && add == 0 ? number : $"(({number} * {multiply}) + {add})".Replace("+ -", "- ");
        return parameter.Negative ? $"-({number})" : number;
    }

    private string Level(int parameter, string group)
    {
        ParameterSpec p = spec.Parameters[parameter];
        return p.IsSide
            ? "p" + parameter
            : Decode(spec, p, $"parameters[{Sum(FirstEntry(spec, parameter).ToString(CultureInfo.InvariantCulture), p.Inputs == spec.Block.Inputs ? "0" : Over(group, p.Inputs / Group))}]");
    }

    /// <summary>The f32 meaning of stored bits: type, affine transform, sign; each step rounded once.</summary>
    public static string Decode(FormatSpec spec, ParameterSpec parameter, string raw)
    {
        bool exponent = parameter.Type.Class is StoredClass.E8M0 or StoredClass.Exponent8;
        string value = parameter.Type.Class switch
        {
            StoredClass.Float32 => $"BitConverter.UInt32BitsToSingle({raw})",
            StoredClass.Float16 => $"ScalarIdioms.Half((ushort){raw})",
            StoredClass.BFloat16 => $"ScalarIdioms.BFloat16((ushort){raw})",
            StoredClass.E8M0 => $"ScalarIdioms.E8M0((int){raw}, {Exponent(parameter)})",
            StoredClass.Exponent8 => $"ScalarIdioms.Exponent((int){raw}, {Exponent(parameter)})",
            StoredClass.Table => $"{EmittedNames.Class(spec.Type, "Scalar")}.{ScalarTables.NumberOf(parameter)}({raw})",
            StoredClass.Signed => $"(float)((int){raw} << {32 - parameter.Type.Bits} >> {32 - parameter.Type.Bits})",
            _ => $"(float){raw}",
        };
        value = exponent || parameter.Multiply == 1 ? value : $"({value} * {FloatLiteral.Of(FloatBits.FromSingle(parameter.Multiply))})";
        value = parameter.Add == 0 ? value : $"({value} + {FloatLiteral.Of(FloatBits.FromSingle(parameter.Add))})";
        return parameter.Negative ? $"-{value}" : value;
    }

    /// <summary>log2 of the power of two that is folded into an exponent type.</summary>
    public static int Exponent(ParameterSpec parameter) => (int)Math.Round(Math.Log(parameter.Multiply, 2));
}
