namespace KernelGen.Generator;

/// <summary>Names of the pipeline's tracked steps.</summary>
internal static class StepNames
{
    /// <summary>Declarations read, each with its codebook file: <see cref="Parsing.ReadResult"/>, <see cref="Parsing.CodebookFile"/>.</summary>
    public const string Files = nameof(Files);

    /// <summary>Declarations parsed: <see cref="Parsing.ParseResult"/>.</summary>
    public const string Declarations = nameof(Declarations);

    /// <summary>What is wrong with declarations.</summary>
    public const string Diagnostics = nameof(Diagnostics);

    /// <summary>Valid formats: <see cref="Model.FormatSpec"/>.</summary>
    public const string Specs = nameof(Specs);

    /// <summary>Compositions parsed: <see cref="Parsing.ParseResult"/>.</summary>
    public const string Compositions = nameof(Compositions);

    /// <summary>Valid structures: <see cref="Model.StructureSpec"/>.</summary>
    public const string Structures = nameof(Structures);

    /// <summary>The file of one structure.</summary>
    public const string StructureSources = nameof(StructureSources);

    /// <summary>Files of one format.</summary>
    public const string Sources = nameof(Sources);

    /// <summary>The file of one tile configuration.</summary>
    public const string Tiles = nameof(Tiles);

    /// <summary>The list of all formats, and the files they share.</summary>
    public const string Catalogue = nameof(Catalogue);

    /// <summary>The consuming project's settings.</summary>
    public const string Settings = nameof(Settings);
}
