using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace KernelGen.Conformance.Catalogue;

/// <summary>The documentation of the formats, from the XML file that the compiler wrote beside their assembly, as Markdown.</summary>
internal sealed partial class TypeDocs
{
    private readonly Dictionary<string, XElement> _members;

    private TypeDocs(XDocument document) => _members = document.Descendants("member").ToDictionary(static m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>Reads the file of the package KernelGen.Formats.</summary>
    /// <returns>The documentation.</returns>
    /// <exception cref="UnusableDataException">It is not beside the program.</exception>
    public static TypeDocs Load()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "KernelGen.Formats.xml");
        return File.Exists(path) ? new TypeDocs(XDocument.Load(path)) : throw new UnusableDataException($"There is no '{path}', which the build writes beside the program.");
    }

    /// <summary>What a format is, a paragraph each for its summary and its remarks, without the layout that the generator adds.</summary>
    /// <param name="fullName">The type.</param>
    /// <returns>The paragraphs.</returns>
    public IEnumerable<string> Paragraphs(string fullName)
    {
        if (!_members.TryGetValue("T:" + fullName, out XElement? member))
        {
            yield break;
        }

        foreach (XElement element in member.Elements().Where(static e => e.Name.LocalName is "summary" or "remarks" && !e.Elements("code").Any()))
        {
            yield return Blank().Replace(string.Concat(element.Nodes().Select(Markdown)), " ").Trim();
        }
    }

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value.Replace("|", "&#124;", StringComparison.Ordinal),
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.')[^1]}`",
        XElement other => string.Concat(other.Nodes().Select(Markdown)),
        _ => string.Empty,
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
