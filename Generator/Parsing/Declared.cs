using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>One declaration as it is written: no default filled in, nothing checked, no symbol left.</summary>
/// <param name="Type">The declaring type.</param>
/// <param name="Block">Its [Block].</param>
/// <param name="Codes">Its [Codes], or none.</param>
/// <param name="Element">What else says how codes are read.</param>
/// <param name="Encode">Its [Encode], or none.</param>
/// <param name="Fields">What takes part in the layout, in declared order: codes, planes, slices, parameters, signs and sums.</param>
internal sealed record Declaration(
    TypeSpec Type,
    DeclaredBlock Block,
    DeclaredCodes? Codes,
    DeclaredElement Element,
    DeclaredEncode? Encode,
    EquatableArray<DeclaredAttribute> Fields)
{
    /// <summary>The format that [Activations] names, or none.</summary>
    public ActivationSpec? Activations { get; init; }
}

/// <summary>The attributes that say how codes are read, besides [Codes]; each may be absent.</summary>
/// <param name="Codebook">[Codebook].</param>
/// <param name="File">[CodebookFile].</param>
/// <param name="Minifloat">[Minifloat].</param>
/// <param name="Vector">[Vector].</param>
/// <param name="Signs">[Signs].</param>
/// <param name="Digits">Every [Digits], in declared order.</param>
/// <param name="Selector">[Selector].</param>
internal sealed record DeclaredElement(
    DeclaredCodebook? Codebook,
    DeclaredCodebookFile? File,
    DeclaredMinifloat? Minifloat,
    DeclaredVector? Vector,
    DeclaredSigns? Signs,
    EquatableArray<DeclaredDigits> Digits,
    DeclaredSelector? Selector = null);

/// <summary>An attribute as it is written. Enum values are the numbers the compiler saw, members or not.</summary>
/// <param name="Location">Where it is written.</param>
internal abstract record DeclaredAttribute(LocationInfo Location);

/// <summary>[Block].</summary>
internal sealed record DeclaredBlock(LocationInfo Location, int Inputs, int? Ragged) : DeclaredAttribute(Location);

/// <summary>[Codes].</summary>
internal sealed record DeclaredCodes(LocationInfo Location, int Bits, int Kind, int Offset, int Stripe, bool HighFirst)
    : DeclaredAttribute(Location);

/// <summary>[Plane].</summary>
internal sealed record DeclaredPlane(LocationInfo Location, int FromBit, int Bits, int Stripe, bool HighFirst)
    : DeclaredAttribute(Location);

/// <summary>[Slice].</summary>
internal sealed record DeclaredSlice(
    LocationInfo Location,
    string Quantity,
    int Bits,
    int At,
    EquatableArray<int> Map,
    int First,
    int FromBit) : DeclaredAttribute(Location);

/// <summary>[Scale], [Min] or [ZeroPoint].</summary>
internal sealed record DeclaredParameter(
    LocationInfo Location,
    ParameterRole Role,
    int Type,
    DeclaredScalar? Scalar,
    int Per,
    string? Name,
    double Multiply,
    double Add,
    int Sign,
    int PerOutputs = 1,
    bool Exponential = false,
    bool Wrap = false,
    bool Flat = false,
    bool Added = false) : DeclaredAttribute(Location)
{
    /// <summary>Whether stored integers mean numbers that are no affine transform of them.</summary>
    public bool IsComputed => Exponential || Wrap;
}

/// <summary>A scalar named by a parameter: the attributes of its type.</summary>
/// <param name="Name">The type's name.</param>
/// <param name="Codes">Its [Codes], or none.</param>
/// <param name="Element">What else says how its codes are read.</param>
/// <param name="IsPlain">Whether it bears no other attribute of the language.</param>
internal sealed record DeclaredScalar(string Name, DeclaredCodes? Codes, DeclaredElement Element, bool IsPlain);

/// <summary>[CodebookFile].</summary>
internal sealed record DeclaredCodebookFile(LocationInfo Location, string Name) : DeclaredAttribute(Location);

/// <summary>[Minifloat].</summary>
internal sealed record DeclaredMinifloat(
    LocationInfo Location,
    int Exponent,
    int Mantissa,
    int Bias,
    bool Signed,
    int Specials,
    double SpecialValue,
    bool ExponentFirst,
    bool ImplicitOne) : DeclaredAttribute(Location);

/// <summary>[Vector].</summary>
internal sealed record DeclaredVector(LocationInfo Location, int Length) : DeclaredAttribute(Location);

/// <summary>[Signs].</summary>
internal sealed record DeclaredSigns(LocationInfo Location, int Inputs, int Parity) : DeclaredAttribute(Location);

/// <summary>[Digits].</summary>
internal sealed record DeclaredDigits(
    LocationInfo Location,
    int Radix,
    int Count,
    int Bits,
    bool Fraction,
    int Stripe,
    int Inputs,
    int Used,
    bool Mirror) : DeclaredAttribute(Location);

/// <summary>[LearnedCodebook].</summary>
internal sealed record DeclaredLearned(LocationInfo Location, int Type, int Per, int PerOutputs) : DeclaredAttribute(Location);

/// <summary>[StoredSum].</summary>
internal sealed record DeclaredSum(LocationInfo Location, int Type, int Per, bool Scaled, string? Name) : DeclaredAttribute(Location);

/// <summary>[Selector].</summary>
internal sealed record DeclaredSelector(LocationInfo Location, int Bits, int Per, string? Name) : DeclaredAttribute(Location);

/// <summary>[Pad].</summary>
internal sealed record DeclaredPad(LocationInfo Location, int Bits, int Per, string? Name) : DeclaredAttribute(Location);

/// <summary>[Activations]; what it names is a symbol's matter.</summary>
internal sealed record DeclaredActivations(LocationInfo Location) : DeclaredAttribute(Location);

/// <summary>[Codebook].</summary>
internal sealed record DeclaredCodebook(LocationInfo Location, EquatableArray<double> Values, int Family)
    : DeclaredAttribute(Location);

/// <summary>[Encode].</summary>
internal sealed record DeclaredEncode(
    LocationInfo Location,
    int Range,
    int Rounding,
    bool Reciprocal,
    bool UnroundedScale,
    double MinScale,
    int Limit,
    bool ReciprocalFirst,
    bool WholeRow,
    int Rounds,
    double ScaleEpsilon,
    double LogEpsilon,
    int RowLimit,
    bool RowIntegers,
    bool StoredScaleFirst,
    int ProductLimit,
    int Shrinks,
    double LeastRange) : DeclaredAttribute(Location);
