using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;

namespace KernelGen.Generator.Parsing;

/// <summary>
/// From a declaration to a complete format: checks every attribute, fills in defaults and places every bit. Pure: it sees
/// plain records only, so it runs without a compiler.
/// </summary>
internal static class LayoutBuilder
{
    /// <summary>Most inputs a block may have.</summary>
    public const int MaxBlockInputs = 4096;

    /// <summary>Most bytes a block may have.</summary>
    public const int MaxBlockBytes = 16384;

    /// <summary>Inputs of the virtual block of a whole-row format.</summary>
    public const int RowGranule = 128;

    private const int RowExtent = -1;

    /// <summary>Builds the format, or adds to <paramref name="diagnostics"/> why there is none.</summary>
    public static FormatSpec? Build(Declaration declaration, DiagnosticBag diagnostics)
    {
        DeclaredBlock block = declaration.Block;
        bool isWholeRow = block.Inputs == RowExtent;
        if (!isWholeRow && block.Inputs is < 1 or > MaxBlockInputs)
        {
            diagnostics.Add(Rules.BlockInputs, block.Location, block.Inputs);
        }

        RaggedRule ragged = Ragged(block, isWholeRow, diagnostics);
        CodeSpec? codes = null;
        CodebookSpec? codebook = null;
        if (declaration.Codes is { } declaredCodes)
        {
            codes = CodeRules.Read(declaredCodes, diagnostics);
            codebook = CodeRules.ReadCodebook(declaration.Codebook, declaredCodes, diagnostics);
        }
        else
        {
            diagnostics.Add(Rules.CodesMissing, block.Location, declaration.Type.Name);
        }

        List<DeclaredParameter> declaredParameters = [.. declaration.Fields.OfType<DeclaredParameter>()];
        List<ParameterSpec> parameters = ParameterRules.Read(declaredParameters, block, diagnostics);
        if (diagnostics.Count != 0 || codes is null)
        {
            return null;
        }

        EncodeSpec encode = EncodeRules.Read(declaration.Encode, codes, codebook, parameters, diagnostics);
        int inputs = isWholeRow ? RowGranule : block.Inputs;
        BlockPlacement placement = new(declaration, codes, parameters, inputs, diagnostics);
        placement.Place();
        if (ragged == RaggedRule.Short && diagnostics.Count == 0 && !placement.CanEndShort)
        {
            diagnostics.Add(
                Rules.RaggedUnsupported,
                block.Location,
                ragged,
                "a short last block needs the codes to be the block's only field and to follow each other in input order");
        }

        if (diagnostics.Count != 0)
        {
            return null;
        }

        // A format without an encoder is still read and multiplied.
        if (EncoderPlan.Of(parameters).Reason is { } reason)
        {
            diagnostics.Add(Rules.EncoderUnsupported, (declaration.Encode ?? (DeclaredAttribute)block).Location, reason);
        }

        return new FormatSpec(
            declaration.Type,
            new BlockSpec(inputs, placement.Bytes, ragged, isWholeRow),
            codes,
            codebook,
            parameters.ToEquatableArray(),
            placement.Slices.ToEquatableArray(),
            encode);
    }

    private static RaggedRule Ragged(DeclaredBlock block, bool isWholeRow, DiagnosticBag diagnostics)
    {
        RaggedRule? given = block.Ragged is { } value
            ? EnumTables.Member<RaggedRule>(value, "RaggedRows", block.Location, diagnostics)
            : null;
        if (!isWholeRow)
        {
            return given ?? RaggedRule.Pad;
        }

        if (given is not (null or RaggedRule.Short))
        {
            diagnostics.Add(Rules.RaggedUnsupported, block.Location, given, "a whole-row block always ends with the bytes its codes need");
        }

        return RaggedRule.Short;
    }
}
