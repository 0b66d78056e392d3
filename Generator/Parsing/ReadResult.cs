using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>What a declaring type says, no symbol left.</summary>
/// <param name="Declaration">The cell's declaration, or none where the compiler could not bind it.</param>
/// <param name="Structure">What stands around the cell, the cell itself left open; none for a plain cell.</param>
/// <param name="Columns">The parameters per input.</param>
/// <param name="Diagnostics">What is wrong with the type and with what stands around the cell.</param>
internal sealed record ReadResult(
    Declaration? Declaration,
    StructureSpec? Structure,
    EquatableArray<DeclaredParameter> Columns,
    EquatableArray<DiagnosticInfo> Diagnostics)
{
    /// <summary>A plain cell, or none.</summary>
    public static ReadResult Of(Declaration? declaration, EquatableArray<DiagnosticInfo> diagnostics) =>
        new(declaration, null, EquatableArray<DeclaredParameter>.Empty, diagnostics);
}
