using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Kernels;

/// <summary>Writes what a format keeps once, in its class of plain C#: the vectors of its codebook, the numbers of its scalar types.</summary>
internal sealed class ScalarTables(FormatPlan plan)
{
    /// <summary>The method that gives the f32 number of a stored scalar.</summary>
    public static string NumberOf(ParameterSpec parameter) => "NumberOf_" + parameter.Name;

    /// <summary>The method that gives that number as it stands in a panel.</summary>
    public static string PanelNumberOf(ParameterSpec parameter) => "PanelNumberOf_" + parameter.Name;

    /// <summary>The method that gives the scalar nearest to a number.</summary>
    public static string CodeOf(ParameterSpec parameter) => "CodeOf_" + parameter.Name;

    /// <summary>The type in which an entry of vectors is copied: as wide as the length allows.</summary>
    public static (string Type, int Bytes) VectorUnit(int length) =>
        length % 8 == 0 ? ("ulong", 8) : length % 4 == 0 ? ("uint", 4) : length % 2 == 0 ? ("ushort", 2) : ("byte", 1);

    /// <summary>Whether the signs of 8 inputs, stored in up to 8 bits, are looked up.</summary>
    public static bool HasSigns(FormatSpec spec) =>
        spec.Signs is { } signs && spec.Parameters[signs.Parameter] is { Inputs: 8, Type.Bits: <= 8 };

    public void Write(CodeWriter code)
    {
        if (plan.Element.Vectors.Count != 0)
        {
            Vectors(code);
        }

        if (HasSigns(plan.Spec))
        {
            Signs(code, plan.Spec.Signs!);
        }

        if (DigitExpansion.HasTable(plan.Spec))
        {
            DigitExpansion.WriteTable(code, plan.Spec);
        }

        if (plan.Spec.Learned >= 0 && !plan.Spec.HasInputTables)
        {
            LearnedTable.Write(code, plan);
        }

        for (int i = 0; i < plan.Spec.Parameters.Count; i++)
        {
            if (plan.Spec.Parameters[i].Type.Class == StoredClass.Table)
            {
                Numbers(code, i);
            }
        }
    }

    private void Vectors(CodeWriter code)
    {
        (string type, int bytes) = VectorUnit(plan.Spec.Codes.Length);
        byte[] vectors = plan.Element.Vectors.ToArray();
        code.Doc("<summary>The codes of every entry's inputs, the first lowest, signs plus.</summary>");
        Table(code, "Vectors", type, bytes, vectors);
    }

    private void Signs(CodeWriter code, SignSpec signs)
    {
        int stored = plan.Spec.Parameters[signs.Parameter].Type.Bits;
        byte[] flips = [.. Enumerable.Range(0, 1 << stored).SelectMany(bits =>
        {
            int minus = signs.Parity < 0 ? bits : WithParity(bits, signs.Parity);
            return Enumerable.Range(0, 8).Select(input => (byte)((minus >> input & 1) * plan.Element.SignMask));
        })];
        code.Doc("<summary>What the stored signs of 8 inputs flip in their codes, the first lowest.</summary>");
        Table(code, "Signs", "ulong", 8, flips);
    }

    /// <summary>Stored signs with the one that is not: it stands at <paramref name="place"/> and makes the minus signs even.</summary>
    private static int WithParity(int bits, int place)
    {
        int parity = Enumerable.Range(0, 8).Sum(bit => bits >> bit & 1) & 1;
        int below = (1 << place) - 1;
        return (bits & below) | (parity << place) | ((bits & ~below) << 1);
    }

    /// <summary>Bytes as a constant table of words, the first byte of each lowest.</summary>
    public static void Table(CodeWriter code, string name, string type, int bytes, byte[] table)
    {
        string[] all = [.. Enumerable.Range(0, table.Length / bytes).Select(unit =>
        {
            string digits = string.Concat(Enumerable.Range(0, bytes).Reverse().Select(b => table[(unit * bytes) + b].ToString("X2", CultureInfo.InvariantCulture)));
            return bytes == 8 ? $"0x{digits}UL" : $"0x{digits}";
        })];
        using (code.Block($"internal static {type}* {name}"))
        {
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            code.Line($"get => ({type}*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<{type}>([");
            for (int i = 0; i < all.Length; i += 8)
            {
                code.Line("    " + string.Join(", ", all.Skip(i).Take(8)) + ",");
            }

            code.Line("]));");
        }

        code.Line();
    }

    private void Numbers(CodeWriter code, int parameter)
    {
        ParameterSpec p = plan.Spec.Parameters[parameter];
        code.Doc($"<summary>The number a stored {p.Name} stands for.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"internal static float {NumberOf(p)}(uint stored)"))
        {
            code.Line($"return BitConverter.Int32BitsToSingle(*((int*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(p.Table)}])) + stored));");
        }

        code.Line();
        if (plan.Panel.Fields.FirstOrDefault(field => field.Parameter == parameter) is { Place: PanelPlace.Entries, IsRole: false } field)
        {
            // Tables of bytes are read through an address that a runtime fills in; of wider numbers they are part of the code's image.
            (string type, string form, IEnumerable<int> numbers) = field.EntryBytes switch
            {
                1 => ("byte", ", as its exponent", ExponentBytes.Of(p.Table)!.Fields),
                2 => ("ushort", ", as an f16", p.Table.Select(HalfBits.Of)),
                _ => ("float", string.Empty, []),
            };
            code.Doc($"<summary>The number of a stored {p.Name} in a panel{form}.</summary>");
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (code.Method($"internal static {type} {PanelNumberOf(p)}(uint stored)"))
            {
                code.Line(form.Length != 0
                    ? $"return ({type})*((ushort*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<ushort>([{IntegerList.Of(numbers)}])) + stored);"
                    : $"return {NumberOf(p)}(stored);");
            }

            code.Line();
        }

        if (EncoderPlan.Of(plan.Spec).Plan is not null)
        {
            Code(code, p);
        }
    }

    private static void Code(CodeWriter code, ParameterSpec p)
    {
        code.Doc($"<summary>The stored {p.Name} for a number.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"internal static uint {CodeOf(p)}(float number)"))
        {
            string Table(string type, string name, IEnumerable<int> values) =>
                $"{type}* {name} = ({type}*)Unsafe.AsPointer(ref MemoryMarshal.GetReference<int>([{IntegerList.Of(values)}]));";
            code.Line(Table("float", "limits", p.Steps.Take(p.Steps.Count - 1).Select(step => step.LastBits)));
            code.Line(Table("uint", "entries", p.Steps.Select(step => (int)step.Code)));
            code.Line($"return entries[EncoderIdioms.Above(limits, {p.Steps.Count - 1}, number)];");
        }

        code.Line();
    }
}
