using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads where a declaring type stands, and whether generated code can extend it there.</summary>
internal static class TypeReader
{
    private static readonly SymbolDisplayFormat QualifiedName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private static readonly SymbolDisplayFormat SimpleName = new(
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    public static TypeSpec Read(INamedTypeSymbol type) => new(
        type.ContainingNamespace.IsGlobalNamespace ? string.Empty : type.ContainingNamespace.ToDisplayString(QualifiedName),
        type.ToDisplayString(SimpleName),
        Containers(type).Select(static container => Keyword(container) + " " + container.ToDisplayString(SimpleName)).ToEquatableArray(),
        Containers(type).Append(type).All(static part => part.DeclaredAccessibility == Accessibility.Public) ? "public" : "internal",
        type.IsRecord,
        type.IsReadOnly);

    public static void Check(INamedTypeSymbol type, BaseTypeDeclarationSyntax declaration, DiagnosticBag diagnostics)
    {
        LocationInfo at = LocationInfo.From(declaration.Identifier.GetLocation());
        if (type.TypeKind != TypeKind.Struct || type.IsRefLikeType)
        {
            diagnostics.Add(Rules.TypeNotStruct, at, type.Name, type.IsRefLikeType ? "ref struct" : Keyword(type));
            return;
        }

        if (!IsPartial(declaration))
        {
            diagnostics.Add(Rules.TypeNotPartial, at, type.Name);
        }

        if (type.Arity != 0)
        {
            diagnostics.Add(Rules.TypeGeneric, at, type.Name);
        }

        if (type.IsFileLocal)
        {
            diagnostics.Add(Rules.TypeFileLocal, at, type.Name);
        }

        CheckContainers(type, declaration, at, diagnostics);
        if (Containers(type).Append(type).FirstOrDefault(static part => !IsAccessible(part)) is { } hidden)
        {
            diagnostics.Add(
                Rules.TypeInaccessible,
                at,
                type.Name,
                SyntaxFacts.GetText(hidden.DeclaredAccessibility) + (SymbolEqualityComparer.Default.Equals(hidden, type) ? string.Empty : " through '" + hidden.Name + "'"));
        }
    }

    private static void CheckContainers(INamedTypeSymbol type, BaseTypeDeclarationSyntax declaration, LocationInfo at, DiagnosticBag diagnostics)
    {
        SyntaxNode? node = declaration.Parent;
        foreach (INamedTypeSymbol container in Containers(type).Reverse())
        {
            string? fault =
                container.Arity != 0 ? "is generic"
                : container.IsFileLocal ? "is file-local"
                : node is BaseTypeDeclarationSyntax outer && !IsPartial(outer) ? "is not partial"
                : null;
            if (fault is not null)
            {
                diagnostics.Add(Rules.ContainerUnsupported, at, type.Name, container.Name, fault);
                return;
            }

            node = node?.Parent;
        }
    }

    private static bool IsPartial(BaseTypeDeclarationSyntax declaration) => declaration.Modifiers.Any(SyntaxKind.PartialKeyword);

    private static bool IsAccessible(INamedTypeSymbol type) =>
        type.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { TypeKind: TypeKind.Class, IsRecord: true } => "record",
        { TypeKind: TypeKind.Class } => "class",
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Enum } => "enum",
        _ => "type",
    };

    /// <summary>The types a type is nested in, outermost first.</summary>
    private static IEnumerable<INamedTypeSymbol> Containers(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> containers = new();
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            containers.Push(outer);
        }

        return containers;
    }
}
