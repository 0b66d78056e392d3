using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Kernels;

/// <summary>Fixed-size scratch of one block, on the stack and without a stack allocation call.</summary>
internal static class Buffers
{
    /// <summary>Bytes of the widest vector.</summary>
    private const int Widest = 64;

    /// <summary>The type of a stored code in the arrays of pack and unpack.</summary>
    public static string StoredType(FormatSpec spec) => spec.StoredCodeBits switch
    {
        <= 8 => "byte",
        <= 16 => "ushort",
        _ => "uint",
    };

    /// <summary>The type of the stored signs of several inputs: bytes, rounded up to whole vectors, where they are looked up.</summary>
    public static string SignType(FormatSpec spec) => ScalarTables.HasSigns(spec) ? "byte" : "uint";

    /// <summary>The type of an input's code: its byte, or the bits of a plain float.</summary>
    public static string ElementType(FormatSpec spec) => spec.Codes.Float is null ? "byte" : StoredType(spec);

    /// <summary>Bytes of <see cref="ElementType"/>.</summary>
    public static int ElementBytes(FormatSpec spec) => ElementType(spec) switch
    {
        "byte" => 1,
        "ushort" => 2,
        _ => 4,
    };

    /// <summary>Declares <c>codes</c> and, where the block has parameters, <c>parameters</c>.</summary>
    public static void Declare(CodeWriter code, FormatSpec spec, string scalarClass)
    {
        DeclareCodes(code, spec, scalarClass);
        Parameters(code, spec, scalarClass);
    }

    /// <summary>Declares <c>codes</c>.</summary>
    public static void DeclareCodes(CodeWriter code, FormatSpec spec, string scalarClass)
    {
        code.Line($"{scalarClass}.CodeBuffer codeBuffer;");
        code.Line($"{ElementType(spec)}* codes = ({ElementType(spec)}*)&codeBuffer;");
    }

    private static void Parameters(CodeWriter code, FormatSpec spec, string scalarClass)
    {
        if (RowParameters.EntriesPerBlock(spec) > 0)
        {
            code.Line($"{scalarClass}.ParameterBuffer parameterBuffer;");
            code.Line("uint* parameters = (uint*)&parameterBuffer;");
        }
    }

    /// <summary>
    /// Declares <c>quads</c> for a row's codes of a packed block in whole quads, zero where no code stands, and what <see cref="Declare"/> declares: codes
    /// only where they are not unpacked into the quads directly.
    /// </summary>
    public static void DeclarePanel(CodeWriter code, FormatPlan plan, string scalarClass)
    {
        code.Line($"{scalarClass}.QuadBuffer quadBuffer;");
        code.Line("byte* quads = (byte*)&quadBuffer;");
        if (PackPanelKernel.HasPaddedQuads(plan))
        {
            code.Line($"ScalarIdioms.Clear(quads, {PackPanelKernel.QuadBytes(plan)});");
        }

        if (PackPanelKernel.IsPadded(plan))
        {
            Declare(code, plan.Spec, scalarClass);
        }
        else
        {
            Parameters(code, plan.Spec, scalarClass);
        }
    }

    /// <summary>The buffer types, nested in the scalar class of the format.</summary>
    public static void Types(CodeWriter code, FormatPlan plan)
    {
        FormatSpec spec = plan.Spec;
        Type(code, "CodeBuffer", ElementType(spec), spec.Block.Inputs + Widest, "The codes of the inputs of one block, and room for a vector that starts at the last of them.");
        if (!spec.Block.IsWholeRow || spec.Parameters.Count == 0)
        {
            // A row without parameters is encoded block by block too, with a scale of 1.
            code.Line();
            Type(code, EntryBuffers.Groups, "float", EntryBuffers.GroupCount(spec), "One number per group of a block, rounded up to whole vectors.");
        }

        code.Line();
        Type(code, "QuadBuffer", "byte", PackPanelKernel.QuadBytes(plan), "The codes of one packed block of a row in whole quads.");
        if (!spec.StoresCodes)
        {
            code.Line();
            Type(code, "StoredBuffer", StoredType(spec), spec.StoredCodes, "The stored codes of one block.");
        }

        if (spec.Signs is { } signs)
        {
            code.Line();
            int count = spec.Block.Inputs / spec.Parameters[signs.Parameter].Inputs;
            Type(code, "SignBuffer", SignType(spec), SignType(spec) == "byte" ? (count + CodeExtraction.Window - 1) / CodeExtraction.Window * CodeExtraction.Window : count, "The stored signs of one block.");
        }

        if (spec.Encode.RowLimit > 0)
        {
            code.Line();
            Type(code, "WeightBuffer", "float", spec.Block.Inputs, "The weights of one block in units of the row's scale.");
        }

        if (spec.Selector >= 0)
        {
            code.Line();
            int count = spec.Block.Inputs / spec.Parameters[spec.Selector].Inputs;
            Type(code, "SelectorBuffer", "byte", (count + CodeExtraction.Window - 1) / CodeExtraction.Window * CodeExtraction.Window, "The numbers of the tables that one block chooses, rounded up to whole vectors.");
        }

        if (RowParameters.EntriesPerBlock(spec) > 0)
        {
            code.Line();
            Type(code, "ParameterBuffer", "uint", RowParameters.EntriesPerBlock(spec), "The stored parameters of one block.");
        }

        if (EntryBuffers.EntryBytes(spec) > 0)
        {
            code.Line();
            Type(code, EntryBuffers.Entries, "byte", EntryBuffers.EntryBytes(spec), "Entries of parameters that are no whole bytes in the block, rounded up to whole vectors.");
        }

        if (spec.Learned >= 0 && !spec.HasInputTables)
        {
            code.Line();
            Type(code, LearnedTable.Buffer, "float", spec.Parameters[spec.Learned].Count, "The numbers of a table.");
        }

        if (plan.Form.StoredNumbers > 0)
        {
            code.Line();
            Type(code, LearnedTable.IntegerBuffer, "byte", plan.Form.Planes * PanelIntegers.TableBytes, "The integers of a table, high plane first.");
        }

        if (spec.Block.Ragged == RaggedRule.Short)
        {
            code.Line();
            Type(code, "BlockBuffer", "byte", spec.Block.Bytes, "A short last block, completed with zeros.");
        }
    }

    private static void Type(CodeWriter code, string name, string element, int length, string summary)
    {
        code.Doc($"<summary>{summary}</summary>");
        code.Line($"[InlineArray({length})]");
        using (code.Block($"internal struct {name}"))
        {
            code.Line($"private {element} _first;");
        }
    }
}
