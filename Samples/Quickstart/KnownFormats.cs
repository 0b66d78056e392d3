using System.Collections.Generic;
using System.Linq;
using KernelGen;

namespace Quickstart;

/// <summary>
/// All formats the program can quantize to. The generator writes a catalogue into every assembly that declares formats: this one's own is
/// <c>KernelGen.Generated.FormatCatalogue</c>, internal; the package publishes its own.
/// </summary>
internal static class KnownFormats
{
    /// <summary>This program's formats, then those of the package KernelGen.Formats, then its structured ones.</summary>
    public static IReadOnlyList<Candidate> All { get; } =
    [
        .. KernelGen.Generated.FormatCatalogue.All.Concat(KernelGen.Formats.FormatCatalogue.All).Where(CellCandidate.HasEncoder).Select(format => new CellCandidate(format)),
        .. KernelGen.Formats.FormatCatalogue.Structures.Where(StructureCandidate.HasEncoder).Select(format => new StructureCandidate(format)),
    ];
}
