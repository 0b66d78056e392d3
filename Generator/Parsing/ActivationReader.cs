using System.Collections.Immutable;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Resolves the format that [Activations] names, as far as kernels depend on it. It may come from another assembly, or be the declaring type itself.</summary>
internal static class ActivationReader
{
    private const int RowExtent = -1;

    /// <summary>Reads the attribute, or adds to <paramref name="diagnostics"/> why there is none. A format whose own declaration is wrong is reported there.</summary>
    public static ActivationSpec? Read(AttributeData data, LocationInfo at, IAssemblySymbol assembly, DiagnosticBag diagnostics)
    {
        if (data.ConstructorArguments.FirstOrDefault().Value is not INamedTypeSymbol type)
        {
            diagnostics.Add(Rules.ActivationsUnsupported, at, "null", "name a format by typeof");
            return null;
        }

        if (type.TypeKind == TypeKind.Error)
        {
            // The compiler has said so.
            return null;
        }

        Declaration? cell = PartReader.IsFormat(type) && !PartReader.IsStructure(type) ? Declare(type, at) : null;
        FormatSpec? spec = cell is null || cell.Element.File is not null ? null : LayoutBuilder.Build(cell, null, new DiagnosticBag());
        string? fault =
            cell is null ? "it is no cell: a struct with a [Block] and nothing around it"
            : !PartReader.IsVisible(type, assembly) ? "generated code cannot see it; make it internal or public"
            : spec is null ? null
            : ActivationCodes.Of(spec).Fault;
        if (fault is not null)
        {
            diagnostics.Add(Rules.ActivationsUnsupported, at, type.Name, fault);
            return null;
        }

        // A wrong declaration has no descriptor to name.
        return spec is null && cell!.Element.File is null ? null : new ActivationSpec(TypeReader.Read(type), ScaleInputs(cell!));
    }

    private static Declaration? Declare(INamedTypeSymbol type, LocationInfo at)
    {
        ImmutableArray<AttributeData> attributes = [.. type.GetAttributes().Where(AttributeReader.IsOurs)];
        return attributes.All(AttributeReader.IsBound) ? FormatParser.Declare(type, [.. attributes.Select(data => AttributeReader.Read(data, at))]) : null;
    }

    /// <summary>The least number of inputs that share a scale of the block; 0 where all of a row do.</summary>
    private static int ScaleInputs(Declaration cell) => cell.Block.Inputs == RowExtent
        ? 0
        : cell.Fields.OfType<DeclaredParameter>()
            .Where(static parameter => parameter.Role == ParameterRole.Scale && parameter.Per >= 0)
            .Select(parameter => parameter.Per == 0 ? cell.Block.Inputs : parameter.Per)
            .DefaultIfEmpty(0)
            .Min();
}
