using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace KernelGen.Avx512;

/// <summary>The types that the source files of the catalogue and of the probes declare.</summary>
internal sealed class Declarations
{
    private readonly List<(string File, CompilationUnitSyntax Unit)> _units = [];
    private readonly ILookup<string, BaseTypeDeclarationSyntax> _types;

    /// <param name="root">The repository.</param>
    public Declarations(string root)
    {
        IEnumerable<string> files = new[] { "Formats", "Tests/Probes" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"));
        foreach (string file in files)
        {
            _units.Add((file, CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot()));
        }

        _types = _units.SelectMany(static unit => unit.Unit.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()).ToLookup(static type => type.Identifier.Text);
    }

    /// <summary>Writes the declarations of formats, and of the types these name, into a new folder: a file for each that has any.</summary>
    public void Write(IEnumerable<FormatDescriptor> formats, string folder)
    {
        HashSet<BaseTypeDeclarationSyntax> wanted = [];
        Queue<string> names = new(formats.Select(static format => format.FullName.Split('.', '+')[^1]));
        while (names.TryDequeue(out string? name))
        {
            foreach (BaseTypeDeclarationSyntax type in _types[name].Where(wanted.Add))
            {
                type.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.IdentifierToken)).ToList().ForEach(token => names.Enqueue(token.Text));
            }
        }

        Directory.CreateDirectory(folder);
        foreach ((string file, CompilationUnitSyntax unit) in _units.Where(unit => unit.Unit.DescendantNodes().Any(node => wanted.Contains(node))))
        {
            IEnumerable<SyntaxNode> others = unit.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                .Where(type => !type.DescendantNodesAndSelf().Concat(type.Ancestors()).Any(node => node is BaseTypeDeclarationSyntax declared && wanted.Contains(declared)));
            string text = unit.RemoveNodes(others, SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString();
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text);
        }
    }
}
