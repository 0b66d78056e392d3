using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>Names of generated files.</summary>
internal static class HintNames
{
    /// <summary>
    /// The start of the names of a type's files: its full name, '+' before a nested type. Hint names ignore case, so a type whose name
    /// differs from another's by case only must not rely on the name alone: the pipeline appends <see cref="CaseMark"/>.
    /// </summary>
    public static string Of(TypeSpec type) => string.Concat(
        type.Namespace.Length == 0 ? string.Empty : type.Namespace + ".",
        string.Concat(type.Containers.Select(static container => container.Substring(container.LastIndexOf(' ') + 1) + "+")),
        type.Name).Replace("@", string.Empty);

    /// <summary>A suffix that tells names apart that differ by case only.</summary>
    public static string CaseMark(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return "-" + hash.ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
