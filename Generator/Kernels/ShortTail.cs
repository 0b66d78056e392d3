using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Kernels;

/// <summary>The last block of a row that stores only the bytes its codes need.</summary>
internal static class ShortTail
{
    /// <summary>Declares <paramref name="block"/>: the stored block, or a zero-completed copy where it ends early.</summary>
    public static void Read(CodeWriter code, FormatSpec spec, string row, string count, string block, string scalarClass)
    {
        code.Line($"byte* {block} = {row};");
        if (spec.Block.Ragged != RaggedRule.Short)
        {
            return;
        }

        code.Line($"{scalarClass}.BlockBuffer blockBuffer;");
        using (code.Block($"if ({count} < {spec.Block.Inputs})"))
        {
            code.Line($"{block} = (byte*)&blockBuffer;");
            code.Line($"ScalarIdioms.Clear({block}, {spec.Block.Bytes});");
            code.Line($"ScalarIdioms.Copy({block}, {row}, (({count} * {spec.Codes.Bits}) + 7) / 8);");
        }
    }

    /// <summary>Packs codes into a block that may end early.</summary>
    public static void Write(CodeWriter code, FormatSpec spec, string row, string count, string parameters, string scalarClass)
    {
        string codes = "codes";
        if (spec.Digits.Count != 0)
        {
            codes = Buffers.StoredType(spec) == "byte" ? "words" : "(byte*)words";
        }
        else if (spec.Codes.Float is not null)
        {
            codes = "(byte*)codes";
        }

        if (spec.Block.Ragged != RaggedRule.Short)
        {
            code.Line($"PackBlock({codes}, {parameters}, {row});");
            return;
        }

        using (code.Block($"if ({count} < {spec.Block.Inputs})"))
        {
            code.Line($"{scalarClass}.BlockBuffer blockBuffer;");
            code.Line($"PackBlock({codes}, {parameters}, (byte*)&blockBuffer);");
            code.Line($"ScalarIdioms.Copy({row}, (byte*)&blockBuffer, (({count} * {spec.Codes.Bits}) + 7) / 8);");
        }

        using (code.Block("else"))
        {
            code.Line($"PackBlock({codes}, {parameters}, {row});");
        }
    }
}
