using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>From a symbol with a [Partition] or [Terms] to a <see cref="ParseResult"/>. Symbols end here.</summary>
internal static class CompositionParser
{
    private static readonly ParseResult Nothing = new(null, null, EquatableArray<DiagnosticInfo>.Empty);

    /// <summary>
    /// Parses a type that has a composing attribute. One that has a [Block] too is <see cref="FormatParser"/>'s to reject; of two composing
    /// attributes the first is parsed, and rejects the other.
    /// </summary>
    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type || context.TargetNode is not BaseTypeDeclarationSyntax declaration)
        {
            return Nothing;
        }

        ImmutableArray<AttributeData> attributes = AttributeReader.Of(type);
        if (attributes.Any(static data => data.AttributeClass!.Name == AttributeReader.BlockName)
            || attributes.FirstOrDefault(static data => AttributeReader.CompositionNames.Contains(data.AttributeClass!.Name)) is not { } composition
            || !context.Attributes.Any(data => data.AttributeClass!.Name == composition.AttributeClass!.Name))
        {
            return Nothing;
        }

        DiagnosticBag diagnostics = new();
        TypeReader.Check(type, declaration, diagnostics);
        FormatParser.CheckSpread(type, declaration, attributes, diagnostics, cancellation);
        bool isKnown = PartReader.Types(composition).All(static part => part is not { TypeKind: TypeKind.Error });
        if (!attributes.All(AttributeReader.IsBound) || !isKnown)
        {
            return new ParseResult(null, null, diagnostics.ToEquatableArray());
        }

        List<DeclaredAttribute> declared = [.. attributes.Select(data => AttributeReader.Read(data, FormatParser.At(data, cancellation)))];
        for (int i = 0; i < declared.Count; i++)
        {
            if (declared[i] is not (DeclaredOuter or DeclaredPostNorm) && attributes[i] != composition)
            {
                string name = attributes[i].AttributeClass!.Name;
                diagnostics.Add(Rules.CompositionAttribute, declared[i].Location, name.Substring(0, name.Length - "Attribute".Length), type.Name);
            }
        }

        DeclaredAttribute shape = declared[attributes.IndexOf(composition)];
        int times = 1;
        if (shape is DeclaredPartition partition)
        {
            StructureRules.CheckPartition(partition, diagnostics);
        }
        else if (shape is DeclaredTerms terms)
        {
            StructureRules.CheckTerms(terms, diagnostics);
            times = terms.Count;
        }

        OuterSpec? outer = StructureRules.ReadOuter(declared.OfType<DeclaredOuter>().FirstOrDefault(), diagnostics);
        double? norm = StructureRules.ReadPostNorm(declared.OfType<DeclaredPostNorm>().FirstOrDefault(), diagnostics);
        EquatableArray<PartSpec>? parts = PartReader.Read(type, composition, shape.Location, context.SemanticModel.Compilation.Assembly, diagnostics, cancellation);
        return new ParseResult(
            null,
            parts is { } all
                ? new StructureSpec(TypeReader.Read(type), null, Repeat(all, times), EquatableArray<ParameterSpec>.Empty, outer, norm) { IsSum = shape is DeclaredTerms }
                : null,
            diagnostics.ToEquatableArray());
    }

    private static EquatableArray<PartSpec> Repeat(EquatableArray<PartSpec> parts, int times) =>
        Enumerable.Repeat(parts, times).SelectMany(static all => all).ToEquatableArray();
}
