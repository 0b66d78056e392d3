using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;
using Microsoft.CodeAnalysis;

namespace KernelGen.Generator.Parsing;

/// <summary>Reads KernelGen attributes from symbols, as they are written.</summary>
internal static class AttributeReader
{
    public const string Namespace = "KernelGen";

    /// <summary>The attributes of the language besides [Block].</summary>
    public static readonly ImmutableArray<string> FieldNames =
    [
        "CodesAttribute",
        "ScaleAttribute",
        "MinAttribute",
        "ZeroPointAttribute",
        "PlaneAttribute",
        "SliceAttribute",
        "CodebookAttribute",
        "CodebookFileAttribute",
        "MinifloatAttribute",
        "VectorAttribute",
        "SignsAttribute",
        "DigitsAttribute",
        "StoredSumAttribute",
        "SelectorAttribute",
        "PadAttribute",
        "LearnedCodebookAttribute",
        "EncodeAttribute",
        ActivationsName,
    ];

    public const string BlockName = "BlockAttribute";

    public const string ActivationsName = "ActivationsAttribute";

    public const string OuterName = "OuterAttribute";

    public const string PostNormName = "PostNormAttribute";

    public const string GatherName = "GatherAttribute";

    public const string PartitionName = "PartitionAttribute";

    public const string TermsName = "TermsAttribute";

    /// <summary>The attributes that compose a type of others.</summary>
    public static readonly ImmutableArray<string> CompositionNames = [PartitionName, TermsName];

    /// <summary>The attributes that make more of a type than a cell.</summary>
    public static readonly ImmutableArray<string> StructureNames = [OuterName, PostNormName, GatherName, PartitionName, TermsName];

    /// <summary>The KernelGen attributes of a type, in declared order.</summary>
    public static ImmutableArray<AttributeData> Of(INamedTypeSymbol type) =>
        [.. type.GetAttributes().Where(static data => IsOurs(data) && data.ApplicationSyntaxReference is not null)];

    /// <summary>Whether the compiler could bind an attribute; where not, it has said so itself.</summary>
    public static bool IsBound(AttributeData data) =>
        data.AttributeConstructor is not null
        && data.ConstructorArguments.All(IsBound)
        && data.NamedArguments.All(static pair => IsBound(pair.Value));

    /// <summary>Reads one bound attribute.</summary>
    public static DeclaredAttribute Read(AttributeData data, LocationInfo at) => data.AttributeClass!.Name switch
    {
        BlockName => new DeclaredBlock(at, Argument(data, 0, 0), OptionalInt(data, "Ragged")),
        "CodesAttribute" => new DeclaredCodes(
            at,
            Argument(data, 0, 0),
            Argument(data, 1, 0),
            Named(data, "Offset", 0),
            Named(data, "Stripe", 1),
            Named(data, "HighFirst", false)),
        "PlaneAttribute" => new DeclaredPlane(
            at,
            Argument(data, 0, 0),
            Argument(data, 1, 0),
            Named(data, "Stripe", 1),
            Named(data, "HighFirst", false)),
        "SliceAttribute" => new DeclaredSlice(
            at,
            Argument(data, 0, string.Empty),
            Argument(data, 1, 0),
            Argument(data, 2, 0),
            Array<int>(data, 3),
            Named(data, "First", 0),
            Named(data, "FromBit", 0)),
        "CodebookAttribute" => Codebook(data, at),
        "EncodeAttribute" => new DeclaredEncode(
            at,
            Argument(data, 0, 0),
            Named(data, "Rounding", 0),
            Named(data, "Reciprocal", false),
            Named(data, "UnroundedScale", false),
            Named(data, "MinScale", 0.0),
            Named(data, "Limit", 0),
            Named(data, "ReciprocalFirst", false),
            Named(data, "WholeRow", false),
            Named(data, "Rounds", 0),
            Named(data, "ScaleEpsilon", 0.0),
            Named(data, "LogEpsilon", 0.0),
            Named(data, "RowLimit", 0),
            Named(data, "RowIntegers", false),
            Named(data, "StoredScaleFirst", false),
            Named(data, "ProductLimit", 0),
            Named(data, "Shrinks", 0),
            Named(data, "LeastRange", 0.2)),
        ActivationsName => new DeclaredActivations(at),
        OuterName => new DeclaredOuter(at, OptionalInt(data, "Row"), OptionalInt(data, "Column")),
        PostNormName => new DeclaredPostNorm(at, Argument(data, 0, 0.0)),
        GatherName => new DeclaredGather(at, Argument(data, 0, 0), Argument(data, 1, 0)),
        PartitionName => new DeclaredPartition(at, Argument(data, 0, 0), PartReader.Types(data).Count),
        TermsName => new DeclaredTerms(at, PartReader.Types(data).Count, Named(data, "Count", 1)),
        "CodebookFileAttribute" => new DeclaredCodebookFile(at, Argument(data, 0, string.Empty)),
        "MinifloatAttribute" => new DeclaredMinifloat(
            at,
            Argument(data, 0, 0),
            Argument(data, 1, 0),
            Named(data, "Bias", int.MinValue),
            Named(data, "Signed", true),
            Named(data, "Specials", 0),
            Named(data, "SpecialValue", double.NaN),
            Named(data, "ExponentFirst", false),
            Named(data, "ImplicitOne", true)),
        "VectorAttribute" => new DeclaredVector(at, Argument(data, 0, 0)),
        "SignsAttribute" => new DeclaredSigns(at, Argument(data, 0, 0), Named(data, "Parity", -1)),
        "DigitsAttribute" => new DeclaredDigits(
            at,
            Argument(data, 0, 0),
            Argument(data, 1, 0),
            Named(data, "Bits", 8),
            Named(data, "Fraction", false),
            Named(data, "Stripe", 1),
            Named(data, "Inputs", 0),
            Named(data, "Used", 0),
            Named(data, "Mirror", false)),
        "LearnedCodebookAttribute" => new DeclaredLearned(at, Argument(data, 0, 0), Named(data, "Per", -1), Named(data, "PerOutputs", 1)),
        "StoredSumAttribute" => new DeclaredSum(
            at,
            Argument(data, 0, 0),
            Named(data, "Per", 0),
            Named(data, "Scaled", false),
            Named<string?>(data, "Name", null)),
        "SelectorAttribute" => new DeclaredSelector(at, Argument(data, 0, 0), Named(data, "Per", 0), Named<string?>(data, "Name", null)),
        "PadAttribute" => new DeclaredPad(at, Argument(data, 0, 0), Named(data, "Per", 0), Named<string?>(data, "Name", null)),
        string name => new DeclaredParameter(
            at,
            name switch
            {
                "MinAttribute" => ParameterRole.Min,
                "ZeroPointAttribute" => ParameterRole.Zero,
                _ => ParameterRole.Scale,
            },
            Argument(data, 0, 0),
            Scalar(data, at),
            Named(data, "Per", 0),
            Named<string?>(data, "Name", null),
            Named(data, "Multiply", 1.0),
            Named(data, "Add", 0.0),
            Named(data, "Sign", 1),
            Named(data, "PerOutputs", 1),
            Named(data, "Exponential", false),
            Named(data, "Wrap", false),
            Named(data, "Flat", false),
            Named(data, "Added", false)),
    };

    /// <summary>Of the attributes of a type, those that say how its codes are read.</summary>
    public static DeclaredElement Element(IReadOnlyList<DeclaredAttribute> declared) => new(
        declared.OfType<DeclaredCodebook>().FirstOrDefault(),
        declared.OfType<DeclaredCodebookFile>().FirstOrDefault(),
        declared.OfType<DeclaredMinifloat>().FirstOrDefault(),
        declared.OfType<DeclaredVector>().FirstOrDefault(),
        declared.OfType<DeclaredSigns>().FirstOrDefault(),
        declared.OfType<DeclaredDigits>().ToEquatableArray(),
        declared.OfType<DeclaredSelector>().FirstOrDefault());

    /// <summary>A type without [Block] that declares how one number is stored.</summary>
    /// <param name="type">The type.</param>
    /// <param name="locate">Where what is wrong with an attribute is said: there, or at the parameter that names the type.</param>
    public static DeclaredScalar Scalar(INamedTypeSymbol type, Func<AttributeData, LocationInfo> locate)
    {
        // The type may be compiled already, or name itself: only what makes a scalar is read.
        List<AttributeData> ours = [.. type.GetAttributes().Where(IsOurs)];
        List<DeclaredAttribute> declared = [.. ours.Where(IsOfScalar).Where(IsBound).Select(data => Read(data, locate(data)))];
        return new DeclaredScalar(
            type.Name, declared.OfType<DeclaredCodes>().FirstOrDefault(), Element(declared), ours.All(IsOfScalar));
    }

    private static DeclaredScalar? Scalar(AttributeData data, LocationInfo at) =>
        data.ConstructorArguments.Length == 1 && data.ConstructorArguments[0] is { Kind: TypedConstantKind.Type }
            ? data.ConstructorArguments[0].Value is INamedTypeSymbol type
                ? Scalar(type, _ => at)
                : new DeclaredScalar("null", null, Element([]), true)
            : null;

    private static bool IsOfScalar(AttributeData data) => data.AttributeClass!.Name is "CodesAttribute" or "CodebookAttribute" or "MinifloatAttribute";

    /// <summary>Whether an attribute belongs to the language.</summary>
    public static bool IsOurs(AttributeData data) =>
        data.AttributeClass is { ContainingType: null, Arity: 0 } type
        && type.ContainingNamespace is { Name: Namespace, ContainingNamespace.IsGlobalNamespace: true }
        && (type.Name == BlockName || FieldNames.Contains(type.Name) || StructureNames.Contains(type.Name));

    private static bool IsBound(TypedConstant constant) => constant.Kind switch
    {
        TypedConstantKind.Error => false,
        TypedConstantKind.Array => constant.IsNull || constant.Values.All(IsBound),
        _ => true,
    };

    private static DeclaredCodebook Codebook(AttributeData data, LocationInfo at) =>
        data.ConstructorArguments.Length == 1 && data.ConstructorArguments[0] is { Kind: TypedConstantKind.Enum, Value: int family }
            ? new DeclaredCodebook(at, EquatableArray<double>.Empty, family)
            : new DeclaredCodebook(at, Array<double>(data, 0), 0);

    private static T Argument<T>(AttributeData data, int index, T fallback) =>
        index < data.ConstructorArguments.Length ? Value(data.ConstructorArguments[index], fallback) : fallback;

    private static T Named<T>(AttributeData data, string name, T fallback)
    {
        foreach (KeyValuePair<string, TypedConstant> pair in data.NamedArguments)
        {
            if (pair.Key == name)
            {
                return Value(pair.Value, fallback);
            }
        }

        return fallback;
    }

    private static int? OptionalInt(AttributeData data, string name)
    {
        int value = Named(data, name, int.MinValue);
        return value == int.MinValue ? null : value;
    }

    private static T Value<T>(TypedConstant constant, T fallback) =>
        constant.Kind != TypedConstantKind.Array && constant.Value is T value ? value : fallback;

    private static EquatableArray<T> Array<T>(AttributeData data, int index)
        where T : System.IEquatable<T>
    {
        if (index >= data.ConstructorArguments.Length)
        {
            return EquatableArray<T>.Empty;
        }

        TypedConstant constant = data.ConstructorArguments[index];
        return constant.Kind == TypedConstantKind.Array && !constant.IsNull
            ? constant.Values.Select(static item => item.Value).OfType<T>().ToEquatableArray()
            : EquatableArray<T>.Empty;
    }
}
