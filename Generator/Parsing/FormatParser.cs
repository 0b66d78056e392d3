using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>From a declaring symbol to its attributes as records, where symbols end, and from those to a <see cref="ParseResult"/>.</summary>
internal static class FormatParser
{
    private const int RowExtent = -1;

    private static readonly ParseResult Nothing = new(null, null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Reads a type that has a [Block].</summary>
    public static ReadResult Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        context.TargetSymbol is INamedTypeSymbol type && context.TargetNode is BaseTypeDeclarationSyntax declaration
            ? Read(type, declaration, cancellation)
            : ReadResult.Of(null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Reads a type by the declaration that has its [Block].</summary>
    public static ReadResult Read(INamedTypeSymbol type, BaseTypeDeclarationSyntax declaration, CancellationToken cancellation)
    {
        DiagnosticBag diagnostics = new();
        TypeReader.Check(type, declaration, diagnostics);
        cancellation.ThrowIfCancellationRequested();

        ImmutableArray<AttributeData> attributes = AttributeReader.Of(type);
        CheckSpread(type, declaration, attributes, diagnostics, cancellation);
        if (!attributes.All(AttributeReader.IsBound))
        {
            return ReadResult.Of(null, diagnostics.ToEquatableArray());
        }

        List<DeclaredAttribute> declared = [.. attributes.Select(data => AttributeReader.Read(data, At(data, cancellation)))];
        if (Declare(type, declared) is not { } cell)
        {
            return ReadResult.Of(null, diagnostics.ToEquatableArray());
        }

        if (cell.Encode is { WholeRow: true } encode && cell.Block.Inputs != RowExtent)
        {
            diagnostics.Add(Rules.EncodeContradiction, encode.Location, "WholeRow", "the range of a block smaller than the row is its own; declare [Block(Extent.Row)]");
        }

        if (attributes.FirstOrDefault(static data => data.AttributeClass!.Name == AttributeReader.ActivationsName) is { } activations)
        {
            cell = cell with { Activations = ActivationReader.Read(activations, At(activations, cancellation), type.ContainingAssembly, diagnostics) };
        }

        StructureSpec? structure = declared.Any(attribute => StructureRules.IsStructural(attribute, cell.Block.Inputs)) ? ReadStructure(cell.Type, declared, diagnostics) : null;
        return new ReadResult(
            cell,
            structure,
            declared.OfType<DeclaredParameter>().Where(StructureRules.IsColumn).ToEquatableArray(),
            diagnostics.ToEquatableArray());
    }

    /// <summary>Builds what was read, with the codebook file it names.</summary>
    public static ParseResult Build(ReadResult read, CodebookFile? file)
    {
        if (read.Declaration is null)
        {
            return new ParseResult(null, null, read.Diagnostics);
        }

        // What is wrong so far gives no spec; what the builder adds to a spec is for information.
        DiagnosticBag diagnostics = new();
        FormatSpec? spec = LayoutBuilder.Build(read.Declaration, file, diagnostics);
        bool isRight = read.Diagnostics.Count == 0 && spec is not null;
        if (isRight)
        {
            int before = diagnostics.Count;
            StructureRules.CheckNames(read.Columns, spec!, diagnostics);
            OutputRules.CheckFields(read.Declaration.Fields, spec!, diagnostics);
            isRight = diagnostics.Count == before;
        }

        EquatableArray<DiagnosticInfo> all = read.Diagnostics.Concat(diagnostics.ToEquatableArray()).ToEquatableArray();
        if (!isRight)
        {
            // Notes speak of a format that is emitted.
            return new ParseResult(null, null, all.Where(static d => !d.IsNote).ToEquatableArray());
        }

        spec = spec! with { IsCore = read.Structure is not null };
        return new ParseResult(spec, read.Structure is null ? null : read.Structure with { Cell = spec }, all);
    }

    /// <summary>Parses a type that has a field attribute: nothing, unless it lacks a [Block] and this attribute is its first.</summary>
    public static ParseResult ParseStray(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type)
        {
            return Nothing;
        }

        ImmutableArray<AttributeData> attributes = AttributeReader.Of(type);
        if (attributes.Length == 0
            || attributes.Any(static data => data.AttributeClass!.Name is AttributeReader.BlockName or AttributeReader.PartitionName or AttributeReader.TermsName)
            || !context.Attributes.Any(data => data.ApplicationSyntaxReference?.Span == attributes[0].ApplicationSyntaxReference!.Span
                && data.ApplicationSyntaxReference.SyntaxTree == attributes[0].ApplicationSyntaxReference!.SyntaxTree))
        {
            return Nothing;
        }

        // Codes with a table and nothing else are a scalar, which parameters name.
        DiagnosticBag diagnostics = new();
        LocationInfo at = At(attributes[0], cancellation);
        DeclaredScalar scalar = AttributeReader.Scalar(type, data => At(data, cancellation));
        if (scalar.IsPlain && scalar.Codes is not null && (scalar.Element.Codebook is not null || scalar.Element.Minifloat is not null))
        {
            ScalarRules.Read(scalar, at, diagnostics);
            return new ParseResult(null, null, diagnostics.ToEquatableArray());
        }

        diagnostics.Add(Rules.BlockMissing, at, type.Name);
        return new ParseResult(null, null, diagnostics.ToEquatableArray());
    }

    /// <summary>Reports the first attribute that stands on another declaration of the type than <paramref name="declaration"/>.</summary>
    public static void CheckSpread(
        INamedTypeSymbol type,
        BaseTypeDeclarationSyntax declaration,
        ImmutableArray<AttributeData> attributes,
        DiagnosticBag diagnostics,
        CancellationToken cancellation)
    {
        if (attributes.FirstOrDefault(data => DeclarationOf(data, cancellation) != declaration) is { } stray)
        {
            diagnostics.Add(Rules.AttributesSpread, At(stray, cancellation), type.Name);
        }
    }

    /// <summary>Where an attribute is written.</summary>
    public static LocationInfo At(AttributeData data, CancellationToken cancellation) =>
        LocationInfo.From(data.ApplicationSyntaxReference!.GetSyntax(cancellation));

    /// <summary>What stands around the cell, the cell itself left open.</summary>
    private static StructureSpec ReadStructure(TypeSpec type, List<DeclaredAttribute> declared, DiagnosticBag diagnostics)
    {
        if (declared.Any(static attribute => attribute is DeclaredPartition or DeclaredTerms))
        {
            diagnostics.Add(Rules.CompositionAttribute, declared.OfType<DeclaredBlock>().First().Location, "Block", type.Name);
        }

        return new StructureSpec(
            type,
            null,
            EquatableArray<PartSpec>.Empty,
            StructureRules.ReadColumns([.. declared.OfType<DeclaredParameter>()], diagnostics).ToEquatableArray(),
            StructureRules.ReadOuter(declared.OfType<DeclaredOuter>().FirstOrDefault(), diagnostics),
            StructureRules.ReadPostNorm(declared.OfType<DeclaredPostNorm>().FirstOrDefault(), diagnostics))
        {
            Gather = StructureRules.ReadGather(declared.OfType<DeclaredGather>().FirstOrDefault(), declared.OfType<DeclaredParameter>(), diagnostics),
        };
    }

    /// <summary>The cell: everything but what stands around it.</summary>
    internal static Declaration? Declare(INamedTypeSymbol type, IReadOnlyList<DeclaredAttribute> declared) =>
        declared.OfType<DeclaredBlock>().FirstOrDefault() is not { } block
            ? null
            : new Declaration(
                TypeReader.Read(type),
                block,
                declared.OfType<DeclaredCodes>().FirstOrDefault(),
                AttributeReader.Element(declared),
                declared.OfType<DeclaredEncode>().FirstOrDefault(),
                declared.Where(static field => field is DeclaredCodes or DeclaredPlane or DeclaredSlice or DeclaredSigns or DeclaredSum or DeclaredSelector or DeclaredPad or DeclaredLearned or DeclaredParameter && !StructureRules.IsColumn(field))
                    .ToEquatableArray());

    private static SyntaxNode? DeclarationOf(AttributeData data, CancellationToken cancellation) =>
        data.ApplicationSyntaxReference!.GetSyntax(cancellation).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>();
}
