using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Resolves the types a composition names. They may come from other assemblies; what they are made of stays their own matter.</summary>
internal static class PartReader
{
    /// <summary>The types named, in order; types the compiler does not know, or null, are missing.</summary>
    public static IReadOnlyList<INamedTypeSymbol?> Types(AttributeData composition) =>
        composition.ConstructorArguments.LastOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } list
            ? [.. list.Values.Select(static item => item.Value as INamedTypeSymbol)]
            : [];

    /// <summary>
    /// The parts, or none where one of them cannot be a part. A part whose own declaration is wrong is reported there and gives none
    /// here.
    /// </summary>
    public static EquatableArray<PartSpec>? Read(
        INamedTypeSymbol type, AttributeData composition, LocationInfo at, IAssemblySymbol assembly, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        List<PartSpec> parts = [];
        bool isSound = true;
        foreach (INamedTypeSymbol? part in Types(composition).Distinct<INamedTypeSymbol?>(SymbolEqualityComparer.Default))
        {
            cancellation.ThrowIfCancellationRequested();
            if (part is null || !IsFormat(part))
            {
                diagnostics.Add(Rules.PartUnknown, at, part?.ToDisplayString() ?? "null", "it has neither [Block], [Partition] nor [Terms]");
            }
            else if (!IsVisible(part, assembly))
            {
                diagnostics.Add(Rules.PartUnknown, at, part.ToDisplayString(), "generated code cannot see it; make it internal or public");
            }
            else if (Reaches(part, type, []))
            {
                diagnostics.Add(Rules.PartCycle, at, type.Name, part.Name);
            }
            else if (Has(part, AttributeReader.PartitionName))
            {
                diagnostics.Add(Rules.PartUnsupported, at, part.Name, composition.AttributeClass!.Name == AttributeReader.PartitionName
                    ? "is a partition itself; name its parts here, one mask assigns all columns"
                    : "is a partition; make a partition whose parts are sums, so that one mask assigns the columns of all terms");
            }
            else if (Has(part, AttributeReader.PostNormName))
            {
                diagnostics.Add(Rules.PartUnsupported, at, part.Name, "has a [PostNorm], which normalizes the whole product; move it to the composition");
            }
            else
            {
                isSound &= IsSound(part, cancellation);
            }
        }

        foreach (INamedTypeSymbol? part in Types(composition))
        {
            if (part is not null)
            {
                parts.Add(new PartSpec(TypeReader.Read(part), IsStructure(part)));
            }
        }

        return diagnostics.Count == 0 && isSound ? parts.ToEquatableArray() : null;
    }

    internal static bool IsFormat(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Struct, Arity: 0 } && (Has(type, AttributeReader.BlockName) || AttributeReader.CompositionNames.Any(name => Has(type, name)));

    internal static bool IsStructure(INamedTypeSymbol type)
    {
        List<AttributeData> ours = [.. type.GetAttributes().Where(AttributeReader.IsOurs)];
        int block = ours.FirstOrDefault(static data => data.AttributeClass!.Name == AttributeReader.BlockName)?.ConstructorArguments.FirstOrDefault().Value as int? ?? 0;
        return ours.Any(data => AttributeReader.StructureNames.Contains(data.AttributeClass!.Name)
            || data.NamedArguments.Any(pair => pair is { Key: "Per", Value.Value: StructureRules.ColumnExtent } or { Key: "PerOutputs", Value.Value: not 1 }
                || (pair is { Key: "Per", Value.Value: int per } && LevelRules.IsRun(per, block))));
    }

    private static bool Has(INamedTypeSymbol type, string attribute) =>
        type.GetAttributes().Any(data => AttributeReader.IsOurs(data) && data.AttributeClass!.Name == attribute);

    internal static bool IsVisible(INamedTypeSymbol type, IAssemblySymbol assembly)
    {
        for (INamedTypeSymbol? part = type; part is not null; part = part.ContainingType)
        {
            bool isInside = SymbolEqualityComparer.Default.Equals(part.ContainingAssembly, assembly) || part.ContainingAssembly.GivesAccessTo(assembly);
            if (part.IsFileLocal
                || !(part.DeclaredAccessibility == Accessibility.Public
                    || (isInside && part.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Reaches(INamedTypeSymbol from, INamedTypeSymbol to, HashSet<string> seen) =>
        SymbolEqualityComparer.Default.Equals(from, to)
        || (seen.Add(from.ToDisplayString())
            && from.GetAttributes()
                .Where(static data => AttributeReader.IsOurs(data) && AttributeReader.CompositionNames.Contains(data.AttributeClass!.Name))
                .SelectMany(Types)
                .Any(next => next is not null && Reaches(next, to, seen)));

    // A part from another assembly was compiled there. Whether a codebook file is right, the part's own declaration says.
    private static bool IsSound(INamedTypeSymbol part, CancellationToken cancellation)
    {
        ImmutableArray<AttributeData> attributes = AttributeReader.Of(part);
        if (attributes.FirstOrDefault(static data => data.AttributeClass!.Name == AttributeReader.BlockName) is not { } block
            || block.ApplicationSyntaxReference!.GetSyntax(cancellation).FirstAncestorOrSelf<BaseTypeDeclarationSyntax>() is not { } declaration)
        {
            return true;
        }

        ReadResult read = FormatParser.Read(part, declaration, cancellation);
        return read.Declaration?.Element.File is not null ? read.Diagnostics.Count == 0 : FormatParser.Build(read, null).Spec is not null;
    }
}
