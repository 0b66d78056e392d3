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
    public static FormatSpec? Build(Declaration declaration, CodebookFile? file, DiagnosticBag diagnostics)
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
        List<DigitRun> digits = [];
        if (declaration.Codes is { } declaredCodes)
        {
            int length = ElementRules.Length(declaration.Element, declaredCodes, block, diagnostics);
            codes = CodeRules.Read(declaredCodes, declaration.Element, length, diagnostics);
            codebook = diagnostics.Has(Rules.VectorUnsupported)
                ? null
                : CodeRules.ReadCodebook(declaration.Element, declaredCodes, length, file, diagnostics);
            digits = ElementRules.Digits(declaration.Element, declaredCodes, block, diagnostics);
        }
        else
        {
            diagnostics.Add(Rules.CodesMissing, block.Location, declaration.Type.Name);
        }

        List<ParameterSpec> parameters = ParameterRules.Read(declaration, diagnostics);
        if (diagnostics.Count != 0 || codes is null)
        {
            return null;
        }

        EncodeSpec encode = EncodeRules.Read(declaration.Encode, codes, codebook, parameters, diagnostics);
        int inputs = isWholeRow ? RowGranule : block.Inputs;
        int signs = parameters.FindIndex(static parameter => parameter.Role == ParameterRole.Sign);
        FormatSpec spec = new(
            declaration.Type,
            new BlockSpec(inputs, 0, ragged, isWholeRow),
            codes,
            codebook,
            parameters.ToEquatableArray(),
            EquatableArray<SliceSpec>.Empty,
            encode,
            digits.ToEquatableArray(),
            signs < 0 ? null : new SignSpec(signs, declaration.Element.Signs!.Parity));
        if (ElementCode.Fault(spec) is { } fault)
        {
            diagnostics.Add(Rules.VectorUnsupported, (declaration.Element.Vector ?? (DeclaredAttribute)declaration.Element.Signs!).Location, fault);
            return null;
        }

        BlockPlacement placement = new(declaration, spec, diagnostics);
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
        if (EncoderPlan.Of(spec).Reason is { } reason)
        {
            diagnostics.Add(Rules.EncoderUnsupported, (declaration.Encode ?? (DeclaredAttribute)block).Location, reason);
        }

        return spec with
        {
            Block = spec.Block with { Bytes = placement.Bytes },
            Slices = placement.Slices.ToEquatableArray(),
            Activations = declaration.Activations,
        };
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
