using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Names of generated types. Everything a format's kernels need stands in the reserved namespace <c>KernelGen.Generated</c>, with
/// its using directives inside the namespace, so that no type of the user's can shadow an intrinsic.
/// </summary>
internal static class EmittedNames
{
    public const string Namespace = "KernelGen.Generated";

    /// <summary>The class with a format's kernels for a target: the full name with '_' for '.', then the target.</summary>
    public static string Class(TypeSpec type, string target) => $"{Stem(type)}_{target}";

    /// <summary>The class with a structured format's descriptor; beside it the kernels of its cell, if it is one, have their own.</summary>
    public static string Structure(TypeSpec type) => $"{Stem(type)}_Structure";

    /// <summary>The full name with separators that an identifier allows; '_' in a name is doubled so that no two formats meet.</summary>
    public static string Stem(TypeSpec type) => string.Join(
        "_",
        type.Namespace.Split('.')
            .Concat(type.Containers.Select(c => c.Substring(c.LastIndexOf(' ') + 1)))
            .Concat([type.Name])
            .Where(part => part.Length > 0)
            .Select(part => part.Replace("@", string.Empty).Replace("_", "__")));

    /// <summary>The declaring type as a C# reference.</summary>
    public static string Reference(TypeSpec type) => "global::" + string.Join(
        ".",
        new[] { type.Namespace }
            .Concat(type.Containers.Select(c => c.Substring(c.LastIndexOf(' ') + 1)))
            .Concat([type.Name])
            .Where(part => part.Length > 0));
}
