using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>Draws a block's layout as text, one line per field or slice, and restates the declaration.</summary>
internal static class LayoutDrawing
{
    /// <summary>What a weight is, as a formula.</summary>
    public static string Formula(FormatSpec spec)
    {
        string value = spec.Learned >= 0 ? $"{spec.Parameters[spec.Learned].Name}{spec.Parameters[spec.Learned].Extent switch { ParameterExtent.Row => "[o]", ParameterExtent.Column => "[i]", _ => string.Empty }}[q]" : spec.Codebook is null
            ? spec.Codes.Kind switch
            {
                CodeNumber.Sign => "±1",
                CodeNumber.InvertedSign => "∓1",
                CodeNumber.Trit => "(q - 1)",
                _ => "q",
            }
            : spec.Selector >= 0 ? "table[selector][q]"
            : spec.Codes.Length == 1 ? "table[q]" : "table[q][j]";
        value = spec.Signs is null ? value : "±" + value;
        value = spec.Codes.Offset == 0 ? value : $"({value} {(spec.Codes.Offset < 0 ? "-" : "+")} {System.Math.Abs(spec.Codes.Offset)})";
        string zero = Number(spec, ParameterRole.Zero);
        string scale = Number(spec, ParameterRole.Scale);
        string min = Number(spec, ParameterRole.Min);
        value = zero.Length == 0 ? value : $"({value} - {zero})";
        value = scale.Length == 0 ? value : $"{scale} * {value}";
        return "w = " + (min.Length == 0 ? value : $"{value} + {min}");
    }

    /// <summary>Lines "bytes | what" of the block in the order of their first bit.</summary>
    public static IReadOnlyList<string> Lines(FormatSpec spec)
    {
        var lines = new List<string>();
        foreach (SliceSpec slice in spec.Slices.OrderBy(FirstBit))
        {
            int first = FirstBit(slice);
            int last = Enumerable.Range(slice.First, slice.Count).Max(slice.BitOf) + slice.Bits - 1;
            lines.Add($"bytes {first / 8,4}…{last / 8,-4} {Describe(spec, slice)}");
        }

        foreach (DigitRun run in spec.Digits)
        {
            lines.Add($"inputs {run.First}…{run.First + run.Inputs - 1}: digits to the radix {run.Radix}, {run.Used} of {run.Count} in a word{(run.Fraction ? " that is a fraction" : run.Mirror ? " that is a sign and a magnitude" : string.Empty)}, {run.Stripe} apart");
        }

        foreach (ParameterSpec parameter in spec.Parameters.Where(p => p.IsSide))
        {
            lines.Add($"side array      {parameter.Name}: {(parameter.Count == 1 ? string.Empty : parameter.Count + " ")}{TypeName(parameter.Type)} per {parameter.Extent switch { ParameterExtent.Row => "row", ParameterExtent.Column => "input", _ => "matrix" }}");
        }

        return lines;
    }

    public static string TypeName(StoredType type) => type.Class switch
    {
        StoredClass.Unsigned => "u" + type.Bits,
        StoredClass.Signed => "i" + type.Bits,
        StoredClass.Float32 => "f32",
        StoredClass.Float16 => "f16",
        StoredClass.BFloat16 => "bf16",
        StoredClass.E8M0 => "E8M0",
        StoredClass.Table => "scalar" + type.Bits,
        _ => "exponent",
    };

    private static string Describe(FormatSpec spec, SliceSpec slice)
    {
        string map = string.Join(", ", slice.Map.Where(d => d.Count > 1).Select(d => $"{d.Count} by {Bits(d.Stride)}"));
        int total = slice.Quantity < 0 ? spec.StoredCodeBits : spec.Parameters[slice.Quantity].Type.Bits;
        string part = slice.Bits == total ? string.Empty : $" bits {slice.FromBit}…{slice.FromBit + slice.Bits - 1}";
        string range = slice.Count == 1 ? $"[{slice.First}]" : $"[{slice.First}…{slice.First + slice.Count - 1}]";
        string name = slice.Quantity < 0
            ? $"{(spec.Digits.Count == 0 ? "codes" : "words")}{range} {(spec.Codes.Float is { } type ? TypeName(type) : "u" + spec.StoredCodeBits)}"
            : $"{spec.Parameters[slice.Quantity].Name}{(spec.Block.Inputs == spec.Parameters[slice.Quantity].Inputs ? string.Empty : range)} {TypeName(spec.Parameters[slice.Quantity].Type)}";
        string at = slice.At % 8 == 0 ? string.Empty : $" from bit {slice.At % 8}";
        return name + part + (map.Length == 0 ? string.Empty : $" ({map}{at})");
    }

    private static string Bits(int stride) => stride % 8 == 0
        ? (stride / 8).ToString(CultureInfo.InvariantCulture) + (stride == 8 ? " byte" : " bytes")
        : stride.ToString(CultureInfo.InvariantCulture) + " bits";

    private static int FirstBit(SliceSpec slice) => Enumerable.Range(slice.First, slice.Count).Min(slice.BitOf);

    private static string Number(FormatSpec spec, ParameterRole role)
    {
        string number = string.Empty;
        foreach (ParameterSpec level in Planning.FormatPlanner.Levels(spec, role).Select(i => spec.Parameters[i]))
        {
            number = number.Length == 0 ? Name(level) : $"({number} {(level.IsAdded ? "+" : "*")} {Name(level)})";
        }

        return number;
    }

    /// <summary>A parameter with its transform, as a formula.</summary>
    public static string Name(ParameterSpec parameter)
    {
        var text = new StringBuilder(parameter.Name);
        if (parameter.Multiply != 1)
        {
            text.Append("*").Append(((double)parameter.Multiply).ToString("R", CultureInfo.InvariantCulture));
        }

        if (parameter.Add != 0)
        {
            text.Append(parameter.Add < 0 ? "-" : "+").Append(((double)System.Math.Abs(parameter.Add)).ToString("R", CultureInfo.InvariantCulture));
        }

        string value = text.Length == parameter.Name.Length ? parameter.Name : $"({text})";
        return parameter.Negative ? "-" + value : value;
    }
}
