using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>One generated file.</summary>
/// <param name="HintName">Its name, unique in the compilation.</param>
/// <param name="Text">Its text.</param>
internal sealed record SourceFile(string HintName, string Text);

/// <summary>What the catalogue needs to know of a format.</summary>
/// <param name="Type">The declaring type.</param>
/// <param name="IsStructure">Whether it is a structured format; else a cell.</param>
internal sealed record CatalogueEntry(TypeSpec Type, bool IsStructure);
