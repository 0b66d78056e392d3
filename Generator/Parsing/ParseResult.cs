using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>What became of one declaration: a format, or what is wrong with it.</summary>
/// <param name="Spec">The format, or the cell of a structure; none where there is a diagnostic or the compiler itself rejects an attribute.</param>
/// <param name="Structure">What stands around the cell, or the composition; none for a plain cell.</param>
/// <param name="Diagnostics">What is wrong.</param>
internal sealed record ParseResult(FormatSpec? Spec, StructureSpec? Structure, EquatableArray<DiagnosticInfo> Diagnostics);
