using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>One declaration as it is written: no default filled in, nothing checked, no symbol left.</summary>
/// <param name="Type">The declaring type.</param>
/// <param name="Block">Its [Block].</param>
/// <param name="Codes">Its [Codes], or none.</param>
/// <param name="Codebook">Its [Codebook], or none.</param>
/// <param name="Encode">Its [Encode], or none.</param>
/// <param name="Fields">What takes part in the layout, in declared order: codes, planes, slices and parameters.</param>
internal sealed record Declaration(
    TypeSpec Type,
    DeclaredBlock Block,
    DeclaredCodes? Codes,
    DeclaredCodebook? Codebook,
    DeclaredEncode? Encode,
    EquatableArray<DeclaredAttribute> Fields);

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
    int Per,
    string? Name,
    double Multiply,
    double Add,
    int Sign) : DeclaredAttribute(Location);

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
    bool WholeRow) : DeclaredAttribute(Location);
