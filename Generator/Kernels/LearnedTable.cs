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

    /// <summary>Decodes the table of a row and declares it under a name that lookups take.</summary>
    public static void Declare(CodeWriter code, FormatPlan plan, Target target, string name)
    {
        string scalarClass = EmittedNames.Class(plan.Spec.Type, "Scalar");
        code.Line($"{scalarClass}.{Buffer} tableBuffer;");
        code.Line("float* table = (float*)&tableBuffer;");
        code.Line($"{scalarClass}.{Load}({RowParameters.SidePointer(plan.Spec, plan.Spec.Learned)}, table, 1);");
        code.Line(target.DeclareSingleTableAt(name, "table", plan.Spec.Parameters[plan.Spec.Learned].Count));
    }

    /// <summary>Scalar class only: the method that decodes a stored table.</summary>
    public static void Write(CodeWriter code, FormatSpec spec)
    {
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
    }
}
