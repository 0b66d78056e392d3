using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>From a declaring symbol to a <see cref="ParseResult"/>. Symbols end here.</summary>
internal static class FormatParser
{
    private static readonly ParseResult Nothing = new(null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>Parses a type that has a [Block].</summary>
    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || context.TargetNode is not BaseTypeDeclarationSyntax declaration)
        {
            return Nothing;
        }

        DiagnosticBag diagnostics = new();
        TypeReader.Check(type, declaration, diagnostics);
        cancellation.ThrowIfCancellationRequested();

        ImmutableArray<AttributeData> attributes = AttributeReader.Of(type);
        if (attributes.FirstOrDefault(data => DeclarationOf(data, cancellation) != declaration) is { } stray)
        {
            diagnostics.Add(Rules.AttributesSpread, At(stray, cancellation), type.Name);
        }

        if (!attributes.All(AttributeReader.IsBound) || Declare(type, attributes, cancellation) is not { } declared)
        {
            return new ParseResult(null, diagnostics.ToEquatableArray());
        }

        cancellation.ThrowIfCancellationRequested();
        // A wrong type gives no spec; what the builder adds to a spec is for information.
        bool isTypeRight = diagnostics.Count == 0;
        FormatSpec? spec = LayoutBuilder.Build(declared, diagnostics);
        return new ParseResult(isTypeRight ? spec : null, diagnostics.ToEquatableArray());
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

        DiagnosticBag diagnostics = new();
        diagnostics.Add(Rules.BlockMissing, At(attributes[0], cancellation), type.Name);
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
                declared.OfType<DeclaredCodebook>().FirstOrDefault(),
                declared.OfType<DeclaredEncode>().FirstOrDefault(),
                declared.Where(static field => field is DeclaredCodes or DeclaredPlane or DeclaredSlice or DeclaredParameter).ToEquatableArray());
    }

    private static SyntaxNode? DeclarationOf(AttributeData data, CancellationToken cancellation) =>
        data.ApplicationSyntaxReference!.GetSyntax(cancellation).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>();

    private static LocationInfo At(AttributeData data, CancellationToken cancellation) =>
        LocationInfo.From(data.ApplicationSyntaxReference!.GetSyntax(cancellation));
}
