using System;
using System.Collections.Generic;
using System.Linq;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Types that every assembly with formats has under the same name. They carry the compiler's Embedded attribute: an assembly
/// that sees another's internals (a test project, say) does not see these twice.
/// </summary>
internal static class SharedTypes
{
    public const string Attribute = "[global::Microsoft.CodeAnalysis.Embedded]";

    /// <summary>The attribute's definition, as the compiler's own helper for generators writes it: partial, because others add it too.</summary>
    public static SourceFile Definition()
    {
        var code = new CodeWriter();
        FileHeader.Write(code, "Marks types that another assembly does not see, whatever internals it sees.");
        using (code.Block("namespace Microsoft.CodeAnalysis"))
        {
            code.Doc("<summary>Types of this assembly alone.</summary>");
            using (code.Block("internal sealed partial class EmbeddedAttribute : global::System.Attribute"))
            {
            }
        }

        return new SourceFile("KernelGen.EmbeddedAttribute.g.cs", code.ToString());
    }

    /// <summary>Marks the top-level types of a text, a partial one at its first part.</summary>
    public static string In(string text)
    {
        HashSet<string> marked = [];
        return string.Join("\n", text.Split('\n').Select(line => IsType(line) && marked.Add(Name(line)) ? Attribute + "\n" + line : line));
    }

    private static bool IsType(string line) =>
        line.StartsWith("internal ", StringComparison.Ordinal) && (line.Contains(" class ") || line.Contains(" struct "));

    private static string Name(string line)
    {
        string[] words = line.Split(' ', '(');
        return words[Array.FindIndex(words, word => word is "class" or "struct") + 1];
    }
}
