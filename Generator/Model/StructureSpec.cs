namespace KernelGen.Generator.Model;

/// <summary>
/// One declared structure, complete and valid: what stands around a cell, or how formats are composed. It holds no Roslyn type,
/// compares by value, and with the <see cref="FormatSpec"/>s of the parts it is all that emission and the test oracle know.
/// </summary>
/// <remarks>
/// A weight is, in f32 and in this order: the cell's, or that of the part that holds its column, or the sum of the terms, first to last;
/// less the column zero point; times the column scale; plus the column minimum; times row * column of the outer product. The norm follows
/// the product.
/// </remarks>
/// <param name="Type">Where the declaring type stands.</param>
/// <param name="Cell">The cell, or none where the structure is a composition.</param>
/// <param name="Parts">What a composition is made of: parts by mask value, or terms in the order they are added; empty for a cell.</param>
/// <param name="Columns">The cell's zero point, scale and minimum per input: at most one of each role.</param>
/// <param name="Outer">The outer product, or none.</param>
/// <param name="PostNorm">The epsilon of the layer norm after the product, or none.</param>
internal sealed record StructureSpec(
    TypeSpec Type,
    FormatSpec? Cell,
    EquatableArray<PartSpec> Parts,
    EquatableArray<ParameterSpec> Columns,
    OuterSpec? Outer,
    double? PostNorm)
{
    /// <summary>Whether <see cref="Parts"/> are terms of a sum; else each holds some columns.</summary>
    public bool IsSum { get; init; }

    /// <summary>The stored type of the order of the rows, or none: they stand in that of the outputs.</summary>
    public StoredType? Gather { get; init; }
}

/// <summary>A part of a composition, by name: what it is made of is its own declaration's matter.</summary>
/// <param name="Type">Where its declaring type stands.</param>
/// <param name="IsStructure">Whether it is a structure itself; else a cell.</param>
internal sealed record PartSpec(TypeSpec Type, bool IsStructure);

/// <summary>The stored types of an outer product's vectors; at least one is there.</summary>
/// <param name="Row">That of the vector over the outputs, or none.</param>
/// <param name="Column">That of the vector over the inputs, or none.</param>
internal sealed record OuterSpec(StoredType? Row, StoredType? Column);
