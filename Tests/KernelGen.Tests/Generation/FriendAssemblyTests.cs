using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Two assemblies with formats, one of which sees the other's internals.</summary>
public sealed class FriendAssemblyTests
{
    private const string Declaration = "[KernelGen.Block(32), KernelGen.Scale(KernelGen.ScalarType.Float16), KernelGen.Codes(4, Offset = -8)] public readonly partial record struct ";

    [Fact]
    public void Shared_types_are_not_seen_twice()
    {
        Compilation first = Generated("First", "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Second\")]\n" + Declaration + "Mine;");
        using MemoryStream image = new();
        Assert.True(first.Emit(image).Success);
        image.Position = 0;

        Compilation second = Generated("Second", Declaration + "Yours;", MetadataReference.CreateFromStream(image));
        Assert.Empty(second.GetDiagnostics().Where(static d => d.Severity >= DiagnosticSeverity.Warning));
    }

    private static Compilation Generated(string name, string source, params MetadataReference[] more)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(source));
        compilation = compilation.WithAssemblyName(name).AddReferences(more);
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation updated, out _);
        return updated;
    }
}
