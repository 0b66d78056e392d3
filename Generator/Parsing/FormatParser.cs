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
    private static readonly ParseResult Nothing = new(null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Reads a type that has a [Block].</summary>
    public static ReadResult Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || context.TargetNode is not BaseTypeDeclarationSyntax declaration)
        {
            return new ReadResult(null, EquatableArray<DiagnosticInfo>.Empty);
        }

        DiagnosticBag diagnostics = new();
        TypeReader.Check(type, declaration, diagnostics);
        cancellation.ThrowIfCancellationRequested();

        ImmutableArray<AttributeData> attributes = AttributeReader.Of(type);
        if (attributes.FirstOrDefault(data => DeclarationOf(data, cancellation) != declaration) is { } stray)
        {
            diagnostics.Add(Rules.AttributesSpread, At(stray, cancellation), type.Name);
        }

        return new ReadResult(
            attributes.All(AttributeReader.IsBound) ? Declare(type, attributes, cancellation) : null,
            diagnostics.ToEquatableArray());
    }

    /// <summary>Builds what was read, with the codebook file it names.</summary>
    public static ParseResult Build(ReadResult read, CodebookFile? file)
    {
        if (read.Declaration is null)
        {
            return new ParseResult(null, read.Diagnostics);
        }

        // A wrong type gives no spec; what the builder adds to a spec is for information.
        DiagnosticBag diagnostics = new();
        FormatSpec? spec = LayoutBuilder.Build(read.Declaration, file, diagnostics);
        return new ParseResult(
            read.Diagnostics.Count == 0 ? spec : null,
            read.Diagnostics.Concat(diagnostics.ToEquatableArray()).ToEquatableArray());
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
            || attributes.Any(static data => data.AttributeClass!.Name == AttributeReader.BlockName)
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
            return new ParseResult(null, diagnostics.ToEquatableArray());
        }

        diagnostics.Add(Rules.BlockMissing, at, type.Name);
        return new ParseResult(null, diagnostics.ToEquatableArray());
    }

    private static Declaration? Declare(INamedTypeSymbol type, ImmutableArray<AttributeData> attributes, CancellationToken cancellation)
    {
        List<DeclaredAttribute> declared = [.. attributes.Select(data => AttributeReader.Read(data, At(data, cancellation)))];
        return declared.OfType<DeclaredBlock>().FirstOrDefault() is not { } block
            ? null
            : new Declaration(
                TypeReader.Read(type),
                block,
                declared.OfType<DeclaredCodes>().FirstOrDefault(),
                AttributeReader.Element(declared),
                declared.OfType<DeclaredEncode>().FirstOrDefault(),
                declared.Where(static field => field is DeclaredCodes or DeclaredPlane or DeclaredSlice or DeclaredParameter or DeclaredSigns or DeclaredSum).ToEquatableArray());
    }

    private static SyntaxNode? DeclarationOf(AttributeData data, CancellationToken cancellation) =>
        data.ApplicationSyntaxReference!.GetSyntax(cancellation).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>();

    private static LocationInfo At(AttributeData data, CancellationToken cancellation) =>
        LocationInfo.From(data.ApplicationSyntaxReference!.GetSyntax(cancellation));
}
