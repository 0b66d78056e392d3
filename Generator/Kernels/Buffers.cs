using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>Fixed-size scratch of one block, on the stack and without a stack allocation call.</summary>
internal static class Buffers
{
    /// <summary>Declares <c>codes</c> and, where the block has parameters, <c>parameters</c>.</summary>
    public static void Declare(CodeWriter code, FormatSpec spec, string scalarClass)
    {
        DeclareCodes(code, scalarClass);
        if (RowParameters.EntriesPerBlock(spec) > 0)
        {
            code.Line($"{scalarClass}.ParameterBuffer parameterBuffer;");
            code.Line("uint* parameters = (uint*)&parameterBuffer;");
        }
    }

    /// <summary>Declares <c>codes</c>.</summary>
    public static void DeclareCodes(CodeWriter code, string scalarClass)
    {
        code.Line($"{scalarClass}.CodeBuffer codeBuffer;");
        code.Line("byte* codes = (byte*)&codeBuffer;");
    }

    /// <summary>The buffer types, nested in the scalar class of the format.</summary>
    public static void Types(CodeWriter code, FormatSpec spec)
    {
        Type(code, "CodeBuffer", "byte", spec.Block.Inputs, "The codes of one block.");
        if (RowParameters.EntriesPerBlock(spec) > 0)
        {
            code.Line();
            Type(code, "ParameterBuffer", "uint", RowParameters.EntriesPerBlock(spec), "The stored parameters of one block.");
            code.Line();
            Type(code, EntryBuffers.Groups, "float", EntryBuffers.GroupCount(spec), "One number per group of a block, rounded up to whole vectors.");
        }

        if (EntryBuffers.EntryBytes(spec) > 0)
        {
            code.Line();
            Type(code, EntryBuffers.Entries, "byte", EntryBuffers.EntryBytes(spec), "Entries of parameters that are no whole bytes in the block, rounded up to whole vectors.");
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
