using KernelGen.Generator.Diagnostics;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Parsing;

/// <summary>What a declaring type says, no symbol left.</summary>
/// <param name="Declaration">The declaration, or none where the compiler could not bind it.</param>
/// <param name="Diagnostics">What is wrong with the type.</param>
internal sealed record ReadResult(Declaration? Declaration, EquatableArray<DiagnosticInfo> Diagnostics);
