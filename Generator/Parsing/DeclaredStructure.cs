using KernelGen.Generator.Diagnostics;

namespace KernelGen.Generator.Parsing;

/// <summary>[Outer]; a vector that is not named is null.</summary>
internal sealed record DeclaredOuter(LocationInfo Location, int? Row, int? Column) : DeclaredAttribute(Location);

/// <summary>[PostNorm].</summary>
internal sealed record DeclaredPostNorm(LocationInfo Location, double Epsilon) : DeclaredAttribute(Location);

/// <summary>[Partition], its parts apart: they are symbols, which <see cref="PartReader"/> resolves.</summary>
internal sealed record DeclaredPartition(LocationInfo Location, int Extent, int Parts) : DeclaredAttribute(Location);

/// <summary>[Terms]: how many formats it names, and how often the list stands.</summary>
internal sealed record DeclaredTerms(LocationInfo Location, int Types, int Count) : DeclaredAttribute(Location);

/// <summary>[Gather].</summary>
internal sealed record DeclaredGather(LocationInfo Location, int Axis, int Type) : DeclaredAttribute(Location);
