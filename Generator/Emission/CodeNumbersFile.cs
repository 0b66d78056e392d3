using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Emission;

/// <summary>Writes the part of a descriptor that says which numbers stored codes and parameters stand for, for encoders that search.</summary>
internal static class CodeNumbersFile
{
    private const int NumbersPerLine = 16;

    /// <summary>Writes the numbers of the codes, or nothing where the stored codes are plain floats or words of digits, index a table that is chosen, are not all numbers, or index a table that the matrix has.</summary>
    public static void Write(CodeWriter code, FormatPlan plan)
    {
        FormatSpec spec = plan.Declared;
        bool areNumbers = spec.Codebook is null || spec.Codebook.ValueBits.All(FloatBits.IsFinite);
        if (spec.Codes.Float is not null || spec.Digits.Count != 0 || spec.Selector >= 0 || spec.Learned >= 0 || !areNumbers)
        {
            return;
        }

        ElementCode element = ElementCode.Of(spec);
        bool vectors = element.Vectors.Count != 0;
        using (code.Block("Codes = new global::KernelGen.CodeNumbers", "},"))
        {
            string[] numbers = [.. (vectors ? element.Codebook!.ValueBits : Stored(spec)).Select(Number)];
            code.Line("Numbers = new float[]");
            code.Line("{");
            for (int i = 0; i < numbers.Length; i += NumbersPerLine)
            {
                code.Line("    " + string.Join(", ", numbers.Skip(i).Take(NumbersPerLine)) + ",");
            }

            code.Line("},");
            if (vectors)
            {
                code.Line($"Length = {spec.Codes.Length},");
                code.Line($"Entries = {element.Vectors.Count / spec.Codes.Length},");
                code.Line($"Vectors = (byte*){EmittedNames.Class(spec.Type, "Scalar")}.Vectors,");
            }

            if (spec.Signs is { Parity: >= 0 } signs)
            {
                code.Line($"SignParity = {signs.Parity},");
            }
        }
    }

    /// <summary>How many numbers an entry of a parameter has and what becomes of them, as an initializer; empty where it is one and nothing does.</summary>
    public static string Transform(ParameterSpec parameter)
    {
        var members = new List<string>();
        if (parameter.Multiply != 1)
        {
            members.Add($"Multiply = {Number(FloatBits.FromSingle(parameter.Multiply))}");
        }

        if (parameter.Add != 0)
        {
            members.Add($"Add = {Number(FloatBits.FromSingle(parameter.Add))}");
        }

        if (parameter.Negative)
        {
            members.Add("Negative = true");
        }

        if (parameter.IsAdded)
        {
            members.Add("Added = true");
        }

        if (parameter.Type.Class == StoredClass.Table)
        {
            members.Add($"Numbers = new float[] {{ {string.Join(", ", parameter.Table.Select(Number))} }}");
        }

        if (parameter.Count != 1)
        {
            members.Add($"Count = {parameter.Count}");
        }

        return members.Count == 0 ? string.Empty : " { " + string.Join(", ", members) + " }";
    }

    /// <summary>The f32 bits of every code's number; the fourth trit is never written.</summary>
    private static IEnumerable<int> Stored(FormatSpec spec) => spec.Codebook is { } codebook
        ? codebook.ValueBits
        : Enumerable.Range(0, spec.Codes.Kind == CodeNumber.Trit ? 3 : 1 << spec.Codes.Bits)
            .Select(q => FloatBits.FromSingle(DecodedForms.IntegerOf(spec.Codes, q)));

    internal static string Number(int bits)
    {
        float value = FloatBits.ToSingle(bits);
        return value == (long)value && System.Math.Abs(value) < 1 << 24 && bits != int.MinValue
            ? ((long)value).ToString(CultureInfo.InvariantCulture) + "f"
            : $"global::System.BitConverter.UInt32BitsToSingle(0x{bits:X8})";
    }
}
