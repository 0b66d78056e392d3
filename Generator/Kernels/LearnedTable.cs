using System.Globalization;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes what reads a table that is stored with the matrix.</summary>
internal static class LearnedTable
{
    /// <summary>The method that decodes a stored table.</summary>
    public const string Load = "LoadTable";

    /// <summary>The type of a decoded table.</summary>
    public const string Buffer = "TableBuffer";

    /// <summary>The method that works out the integers of a table, <see cref="DecodedForm.StoredNumbers"/>.</summary>
    public const string Integers = "TableIntegers";

    /// <summary>The local with what an integer is worth.</summary>
    public const string Factor = "factor";

    /// <summary>The type of a table's integers, both planes.</summary>
    public const string IntegerBuffer = "TableIntegerBuffer";

    /// <summary>Decodes the table of a row and declares it under a name that lookups take.</summary>
    public static void Declare(CodeWriter code, FormatPlan plan, Target target, string name)
    {
        DeclareNumbers(code, plan);
        code.Line(target.DeclareSingleTableAt(name, "table", plan.Spec.Parameters[plan.Spec.Learned].Count));
    }

    /// <summary>Decodes the table of a row or of the matrix: the local <c>table</c>.</summary>
    public static void DeclareNumbers(CodeWriter code, FormatPlan plan)
    {
        string scalarClass = EmittedNames.Class(plan.Spec.Type, "Scalar");
        code.Line($"{scalarClass}.{Buffer} tableBuffer;");
        code.Line("float* table = (float*)&tableBuffer;");
        code.Line($"{scalarClass}.{Load}({RowParameters.SidePointer(plan.Spec, plan.Spec.Learned)}, table, 1);");
    }

    /// <summary>Works the integers of a row's table out: the locals <c>integers</c> and <c>factor</c>, and, where rows are vectors, a table for every plane.</summary>
    public static void DeclareIntegers(CodeWriter code, FormatPlan plan, Target target)
    {
        string scalarClass = EmittedNames.Class(plan.Spec.Type, "Scalar");
        DeclareNumbers(code, plan);
        code.Line($"{scalarClass}.{IntegerBuffer} integerBuffer;");
        code.Line("byte* integers = (byte*)&integerBuffer;");
        code.Line($"float {Factor} = {scalarClass}.{Integers}(table, 1, integers, integers + {PanelIntegers.TableBytes});");
        for (int plane = 0; plane < plan.Form.Planes && target.HasRowVectors; plane++)
        {
            code.Line(target.DeclareTableAt($"table{plane}", IndexExpression.Offset("integers", $"{plane * PanelIntegers.TableBytes}"), repeated: true));
        }
    }

    /// <summary>Scalar class only: the methods that decode a stored table and work out its integers.</summary>
    public static void Write(CodeWriter code, FormatPlan plan)
    {
        FormatSpec spec = plan.Spec;
        ParameterSpec table = spec.Parameters[spec.Learned];
        int bytes = table.Type.Bits / 8;
        string stored = $"*({(bytes == 4 ? "uint" : "ushort")}*)(stored + (i * {bytes.ToString(CultureInfo.InvariantCulture)}))";
        code.Doc("<summary>The numbers of a stored table, the next one <paramref name=\"stride\"/> floats after the one before.</summary>");
        using (code.Method($"internal static void {Load}(byte* stored, float* table, int stride)"))
        using (code.Block($"for (int i = 0; i < {table.Count.ToString(CultureInfo.InvariantCulture)}; i++)"))
        {
            code.Line($"table[i * stride] = {RowParameters.Decode(spec, table, stored)};");
        }

        code.Line();
        if (plan.Form.StoredNumbers > 0)
        {
            WriteIntegers(code, plan.Form);
        }
    }

    private static void WriteIntegers(CodeWriter code, DecodedForm form)
    {
        int least = -form.Correction;
        string numbers = form.StoredNumbers.ToString(CultureInfo.InvariantCulture);
        code.Doc($"""
            <summary>
            The numbers of a table as integers from {1 - least} to {least - 1} plus {least}, in planes of 16 bytes: {1 << form.PlaneShift} * high + low. Returns what one of them is worth:
            a fraction of the largest magnitude, NaN where a number is infinite or none.
            </summary>
            """);
        using (code.Method($"internal static float {Integers}(float* table, int stride, byte* high, byte* low)"))
        {
            code.Line("uint largest = 0;");
            using (code.Block($"for (int i = 0; i < {numbers}; i++)"))
            {
                code.Line("uint magnitude = BitConverter.SingleToUInt32Bits(table[i * stride]) & 0x7FFFFFFF;");
                code.Line("largest = magnitude > largest ? magnitude : largest;");
            }

            code.Line();
            code.Line("bool hasIntegers = largest is > 0 and < 0x7F800000;");
            code.Line("float reach = BitConverter.UInt32BitsToSingle(largest);");
            using (code.Block($"for (int i = 0; i < {PanelIntegers.TableBytes}; i++)"))
            {
                string has = form.StoredNumbers < PanelIntegers.TableBytes ? $"hasIntegers && i < {numbers}" : "hasIntegers";
                code.Line($"int w = {has} ? (int)((table[i * stride] / reach * {least - 1}f) + {least}.5f) : {least};");
                code.Line($"high[i] = (byte)(w >> {form.PlaneShift});");
                code.Line($"low[i] = (byte)(w & {(1 << form.PlaneShift) - 1});");
            }

            code.Line();
            code.Line($"return largest < 0x7F800000 ? reach / {least - 1}f : float.NaN;");
        }

        code.Line();
    }
}
