using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using KernelGen.Tests.Oracle;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Xunit;
using Xunit.Sdk;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// The tests can fail: one constant of an emitted kernel is flipped, the result compiled and compared with the oracle, which must
/// object. Only masks and offsets are flipped, so that the mutant stays inside its memory.
/// </summary>
public class MutationTests
{
    private const string Declaration = """
        using KernelGen;
        [Block(32)]
        [Scale(ScalarType.Float16)]
        [Codes(4, Offset = -8)]
        public readonly partial record struct Mutant;
        """;

    /// <summary>Masks and negative offsets.</summary>
    private static readonly Regex s_constants = new(@"0x[0-9A-F]+|(?<=\(|, )-[0-9]+", RegexOptions.CultureInvariant);

    /// <summary>What is expanded before any other kernel sees it: vectors, signs and their parity; digits.</summary>
    private static readonly string[] s_expanded =
    [
        "using KernelGen; [Block(32), Codes(2), Vector(4), Codebook(0, 1, 2, 3, 3, 1, 2, 5, 5, 1, 1, 1, 2, 3, 5, 5), Signs(8, Parity = 7), "
            + "Slice(\"signs\", 7, 16, 4, 8), Scale(ScalarType.UInt1, Per = 8), Slice(\"scale\", 1, 23, 4, 8)] public readonly partial record struct Mutant;",
        "using KernelGen; [Block(20), Codes(2, CodeKind.Trit), Digits(3, 5, Fraction = true), Scale(ScalarType.Float16)] public readonly partial record struct Mutant;",
    ];

    private static readonly Lazy<CSharpCompilation> s_original = new(() => Original(Declaration));

    [Fact]
    public void TheOriginalPasses()
    {
        FormatDescriptor descriptor = Load(s_original.Value);
        FormatOracle oracle = OracleOf(Declaration);
        foreach (KernelTarget target in TargetSelection.Supported)
        {
            Verify(new(descriptor, target, oracle));
        }
    }

    [Theory]
    [InlineData(KernelTarget.Scalar, "UnpackCodes")]
    [InlineData(KernelTarget.Scalar, "DequantizeRow")]
    [InlineData(KernelTarget.Scalar, "GemvPanel")]
    [InlineData(KernelTarget.Vector128, "GemvPanel")]
    [InlineData(KernelTarget.Avx2, "DequantizeRow")]
    [InlineData(KernelTarget.Avx2, "GemvPanel")]
    [InlineData(KernelTarget.Avx2, "DecodeInt8")]
    [InlineData(KernelTarget.Avx2, "DecodeFloat32")]
    [InlineData(KernelTarget.Avx2Vnni, "GemvPanel")]
    [InlineData(KernelTarget.Avx512, "DequantizeRow")]
    [InlineData(KernelTarget.Avx512, "GemvPanel")]
    [InlineData(KernelTarget.Avx512, "DecodeInt8")]
    [InlineData(KernelTarget.Avx512, "DecodeFloat32")]
    public void AFlippedConstantIsNoticed(KernelTarget target, string method)
    {
        if (!TargetSelection.IsSupported(target))
        {
            return;
        }

        Flipped(s_original.Value, Declaration, target, method);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void AFlippedConstantOfAnExpansionIsNoticed(int declaration)
    {
        CSharpCompilation original = Original(s_expanded[declaration]);
        Verify(new(Load(original), KernelTarget.Scalar, OracleOf(s_expanded[declaration])));
        Flipped(original, s_expanded[declaration], KernelTarget.Scalar, "UnpackCodes");
    }

    private static CSharpCompilation Original(string declaration)
    {
        CSharpCompilation compilation = DeclaredFormats.Compile([declaration], allowUnsafe: true);
        return compilation.AddSyntaxTrees(DeclaredFormats.Generate(compilation));
    }

    private static void Flipped(CSharpCompilation compilation, string declaration, KernelTarget target, string method)
    {
        SyntaxTree file = compilation.SyntaxTrees.Single(t => t.FilePath.EndsWith($"Mutant.{target}.g.cs", StringComparison.Ordinal));
        MethodDeclarationSyntax body = file.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Single(m => m.Identifier.Text == method);
        MatchCollection constants = s_constants.Matches(body.ToFullString());
        Assert.NotEmpty(constants);

        Match constant = constants[constants.Count / 2];
        int at = body.FullSpan.Start + constant.Index;
        string text = file.ToString();
        string flipped = text[..at] + Flip(constant.Value) + text[(at + constant.Length)..];
        SyntaxTree mutant = file.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(flipped, System.Text.Encoding.UTF8));

        Assert.ThrowsAny<XunitException>(() => Verify(new(Load(compilation.ReplaceSyntaxTree(file, mutant)), target, OracleOf(declaration))));
    }

    private static string Flip(string constant) => constant switch
    {
        ['0', 'x', .. string digits] => $"0x{Convert.ToUInt64(digits, 16) >> 1:X}",
        _ => $"{int.Parse(constant, System.Globalization.CultureInfo.InvariantCulture) + 1}",
    };

    private static void Verify(KernelCase test)
    {
        PackingTests.VerifyBlocks(test);
        DequantizeTests.VerifyRows(test);
        DotTests.VerifyFloat32(test);
        DotTests.VerifyInt8(test);
        PanelTests.VerifyDecoding(test);
        PanelTests.VerifyProducts(test);
    }

    private static FormatOracle OracleOf(string declaration) => new(DeclaredFormats.Parse(declaration).Single());

    private static FormatDescriptor Load(CSharpCompilation compilation)
    {
        using MemoryStream image = new();
        EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;

        // Not collectible: kernels are function pointers, which keep no assembly alive.
        Assembly assembly = new AssemblyLoadContext("mutant").LoadFromStream(image);
        return (FormatDescriptor)assembly.GetType("Mutant")!.GetProperty("Descriptor")!.GetValue(null)!;
    }
}
