using System.Collections.Generic;
using System.Linq;
using KernelGen.Generator.Model;

namespace KernelGen.Generator.Emission;

/// <summary>
/// Writes what stands for the kernels where a setting of the project keeps them from compiling, so that the error that names the
/// setting is the only one: code that uses a format still finds its members. Such a build fails; nothing of this runs.
/// </summary>
internal static class StandInFile
{
    private const string Body = "=> throw new global::System.NotSupportedException(\"No kernels were generated; see the errors of the build.\");";

    public static SourceFile Write(IReadOnlyList<CatalogueEntry> all)
    {
        var code = new CodeWriter();
        FileHeader.Write(code, "In place of the kernels, which a setting of this project keeps from compiling; the build says which.");
        foreach (CatalogueEntry entry in all.Distinct())
        {
            string reference = EmittedNames.Reference(entry.Type);
            (string implements, string member) = entry.IsStructure
                ? ("IStructuredFormat", "StructureDescriptor Structure")
                : ("IQuantFormat", "FormatDescriptor Descriptor");
            using (PartialType.Open(code, entry.Type, [], $"global::KernelGen.{implements}<{reference}>"))
            {
                code.Line($"public static global::KernelGen.{member} {Body}");
            }

            code.Line();
        }

        using (code.Block($"namespace {EmittedNames.Namespace}"))
        {
            using (code.Block("internal static class FormatCatalogue"))
            {
                code.Line($"internal static global::System.Collections.Generic.IReadOnlyList<global::KernelGen.FormatDescriptor> All {Body}");
                code.Line($"internal static global::System.Collections.Generic.IReadOnlyList<global::KernelGen.StructureDescriptor> Structures {Body}");
            }
        }

        return new SourceFile("KernelGen.StandIns.g.cs", code.ToString());
    }
}
