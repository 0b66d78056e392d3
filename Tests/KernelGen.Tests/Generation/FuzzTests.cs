using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KernelGen.Generator.Model;
using KernelGen.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace KernelGen.Tests.Generation;

/// <summary>Random declarations: none throws, and each gives a sound format or a diagnostic.</summary>
public sealed class FuzzTests
{
    private const int Formats = 200;

    private static readonly int[] Odd = [0, 1, -1, -2, -3, 2, 7, 8, 9, 4096, 131071, int.MaxValue, int.MinValue];
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256];
    private static readonly string[] Doubles = ["0", "1", "-1", "0.5", "3", "1e300", "1e-300", "1e38", "double.NaN", "double.PositiveInfinity", "-0.0"];
    private static readonly string[] Names = ["codes", "scale", "min", "zero", "scale16", "scaleRow", "a", "", "a-b"];

    /// <summary>Each with a target of another family.</summary>
    public static TheoryData<int, string> Seeds => new() { { 1, "Scalar,Vector128" }, { 2, "Avx2Vnni" }, { 3, "Avx512Vnni" }, { 4, "NeonDot" } };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_declarations_are_formats_or_errors(int seed, string targets)
    {
        Random random = new(seed);
        StringBuilder source = new();
        for (int i = 0; i < Formats; i++)
        {
            source.AppendLine(Declaration(random, i));
        }

        // A fault in the generator fails here with its exception.
        GeneratorRunResult result = GeneratorHarness.Run(source.ToString(), targets);
        IReadOnlyList<ParseResult> parsed = GeneratorHarness.Parse(result);
        Assert.Equal(Formats, parsed.Count);
        Assert.All(parsed.Zip(source.ToString().Split('\n')), static item => Assert.True(
            (item.First.Spec is null) == item.First.Diagnostics.Any(static found => found.Id != MissingEncoderTests.Rule),
            item.Second));
        Assert.Contains(parsed, static item => item.Spec is not null);
        Assert.All(parsed.Select(static item => item.Spec).OfType<FormatSpec>(), Soundness.Check);
        Assert.All(result.Diagnostics, static diagnostic => Assert.DoesNotMatch("[{][0-9]", diagnostic.GetMessage(null)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_declarations_within_the_rules_are_formats(int seed, string targets)
    {
        Random random = new(seed);
        string source = string.Join('\n', Enumerable.Range(0, Formats).Select(number => ValidDeclaration(random, number)));
        GeneratorRunResult result = GeneratorHarness.Run(source, targets);

        // That there is no encoder is the only thing said, and only for information.
        Assert.All(result.Diagnostics, static diagnostic => Assert.Equal("KG0053", diagnostic.Id));
        FormatSpec[] specs = [.. GeneratorHarness.Parse(result).Select(static item => item.Spec).OfType<FormatSpec>()];
        Assert.Equal(Formats, specs.Length);
        Assert.All(specs, Soundness.Check);
    }

    [Fact]
    public void What_is_emitted_for_random_declarations_compiles_without_a_warning()
    {
        Random random = new(7);
        string source = string.Join('\n', Enumerable.Range(0, 30).Select(number => ValidDeclaration(random, number)));
        CSharpCompilation compilation = GeneratorHarness.Compile(GeneratorHarness.Tree(source));
        compilation = compilation.WithOptions(compilation.Options.WithOverflowChecks(true).WithNullableContextOptions(NullableContextOptions.Enable));
        GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        Assert.Empty(output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
    }

    private static string ValidDeclaration(Random random, int number)
    {
        int block = 32 << random.Next(4);
        int bits = random.Next(1, 9);
        List<string> fields = [];
        for (int i = random.Next(4); i > 0; i--)
        {
            string role = random.Next(4) switch { 0 => "Min", 1 => "ZeroPoint", _ => "Scale" };
            int per = random.Next(3) == 0 ? random.Next(-2, 1) : block >> random.Next(6);
            fields.Add($"{role}((ScalarType){random.Next(17)}, Per = {per}, Name = \"p{i}\")");
        }

        string striping = 8 % bits != 0 ? string.Empty : random.Next(3) switch
        {
            0 => $", Stripe = {(block * bits / 8) >> random.Next(3)}",
            1 => $", Stripe = {(block * bits / 8) >> random.Next(3)}, HighFirst = true",
            _ => string.Empty,
        };
        int split = random.Next(bits);
        if (split == 0)
        {
            fields.Add($"Codes({bits}{striping})");
        }
        else if (random.Next(2) == 0)
        {
            fields.AddRange([$"Codes({bits})", $"Plane({split}, {bits - split})", $"Plane(0, {split})"]);
        }
        else
        {
            // The high bits first, and backwards; the slices stand before every field.
            int half = block * (bits - split);
            fields.InsertRange(0,
            [
                $"Codes({bits})",
                $"Slice(\"codes\", {split}, {half}, {block / 4}, {4 * split}, 4, {split})",
                $"Slice(\"codes\", {bits - split}, {half - (bits - split)}, {block}, {split - bits}, FromBit = {split})",
            ]);
        }

        // Some with signs of their own, some with sums.
        if (bits < 8 && random.Next(4) == 0)
        {
            fields.Add(random.Next(2) == 0 ? "Signs(8)" : "Signs(8, Parity = 3)");
        }

        if (random.Next(4) == 0)
        {
            fields.Add("StoredSum(ScalarType.Float32, Per = 16)");
        }

        return $"[Block({block}), {string.Join(", ", fields)}] public partial struct F{number};";
    }

    private static string Declaration(Random random, int number)
    {
        bool mild = random.Next(2) == 0;
        List<string> fields = [];
        if (random.Next(30) != 0)
        {
            fields.Add(Codes(random, mild));
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            fields.Add(Parameter(random, mild));
        }

        for (int i = random.Next(4) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
        {
            fields.Add($"Plane({Int(random, mild, 8)}, {Int(random, mild, 8)}{Stripe(random, mild)})");
        }

        for (int i = random.Next(4) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
        {
            fields.Add(Slice(random, mild));
        }

        if (random.Next(3) == 0)
        {
            fields.Add(Element(random, mild));
        }

        string[] shuffled = [.. fields];
        random.Shuffle(shuffled);
        string block = "Block(" + (random.Next(8) == 0 ? "Extent.Row" : Size(random, mild))
            + (random.Next(4) == 0 ? $", Ragged = (RaggedRows){random.Next(mild ? 3 : 4)}" : string.Empty) + ")";
        string codebook = random.Next(8) switch
        {
            0 => $", Codebook((CodebookFamily){random.Next(mild ? 5 : 6)})",
            1 => ", Codebook(" + string.Join(", ", Enumerable.Range(0, 1 << random.Next(1, 5)).Select(_ => Double(random, mild))) + ")",
            _ => string.Empty,
        };
        string encode = random.Next(3) == 0
            ? $", Encode((RangeRule){random.Next(mild ? 11 : 12)}, Rounding = (CodeRounding){random.Next(mild ? 7 : 8)}{Fit(random, mild)}, MinScale = {Double(random, mild)}, Limit = {Int(random, mild, 8)})"
            : string.Empty;
        return $"[{string.Join(", ", [block, .. shuffled])}{codebook}{encode}] public partial struct F{number};";
    }

    private static string Fit(Random random, bool mild) => random.Next(3) switch
    {
        0 => $", Rounds = {Int(random, mild, 4)}",
        1 => $", ScaleEpsilon = {Double(random, mild)}, LogEpsilon = {Double(random, mild)}",
        _ => string.Empty,
    };

    private static string Codes(Random random, bool mild) =>
        $"Codes({(mild ? random.Next(1, 9).ToString() : Int(random, mild, 9))}, (CodeKind)({(random.Next(2) == 0 ? 0 : random.Next(-1, 7))})"
        + (random.Next(3) == 0 ? $", Offset = {Int(random, mild, 16)}" : string.Empty)
        + (random.Next(3) == 0 ? Stripe(random, mild) : string.Empty) + ")";

    private static string Element(Random random, bool mild) => random.Next(5) switch
    {
        0 => $"Vector({Int(random, mild, 9)})",
        1 => $"Signs({Int(random, mild, 17)}, Parity = {Int(random, mild, 8)})",
        2 => $"Digits({Int(random, mild, 6)}, {Int(random, mild, 6)}, Bits = {Int(random, mild, 17)}, {(random.Next(2) == 0 ? "Fraction" : "Mirror")} = true, Stripe = {Size(random, mild)}, Inputs = {Int(random, mild, 64)}, Used = {Int(random, mild, 5)})",
        3 => $"Minifloat({Int(random, mild, 6)}, {Int(random, mild, 4)}, Signed = {(random.Next(2) == 0 ? "true" : "false")}, Specials = (MinifloatSpecials){random.Next(4)}, ImplicitOne = {(random.Next(3) == 0 ? "false" : "true")}, Bias = {Int(random, mild, 20)})",
        _ => $"StoredSum((ScalarType){random.Next(18)}, Per = {Size(random, mild)}, Scaled = {(random.Next(2) == 0 ? "true" : "false")})",
    };

    private static string Parameter(Random random, bool mild)
    {
        string role = random.Next(4) switch { 0 => "Min", 1 => "ZeroPoint", _ => "Scale" };
        string text = $"{role}((ScalarType)({random.Next(mild ? 0 : -1, mild ? 17 : 18)})";
        text += random.Next(3) switch { 0 => $", Per = {random.Next(-2, 1)}", 1 => $", Per = {Size(random, mild)}", _ => string.Empty };
        text += random.Next(4) == 0 ? $", Multiply = {Double(random, mild)}, Add = {Double(random, mild)}" : string.Empty;
        text += random.Next(8) switch { 0 => ", Exponential = true", 1 => ", Wrap = true", _ => string.Empty };
        text += random.Next(6) == 0 ? $", Sign = {(mild ? "-1" : Int(random, mild, 3))}" : string.Empty;
        text += random.Next(6) == 0 ? $", Name = \"{Names[random.Next(Names.Length)]}\"" : string.Empty;
        return text + ")";
    }

    private static string Slice(Random random, bool mild)
    {
        string map = string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => ", " + (random.Next(2) == 0 ? Int(random, mild, 32) : Size(random, mild))));
        return $"Slice(\"{Names[random.Next(Names.Length)]}\", {Int(random, mild, 8)}, {Int(random, mild, 256)}{map}"
            + (random.Next(3) == 0 ? $", First = {Int(random, mild, 16)}, FromBit = {Int(random, mild, 8)}" : string.Empty) + ")";
    }

    private static string Stripe(Random random, bool mild) =>
        $", Stripe = {Size(random, mild)}" + (random.Next(2) == 0 ? ", HighFirst = true" : string.Empty);

    private static string Size(Random random, bool mild) =>
        mild || random.Next(3) != 0 ? Sizes[random.Next(Sizes.Length)].ToString() : Odd[random.Next(Odd.Length)].ToString();

    private static string Int(Random random, bool mild, int below) =>
        mild || random.Next(3) != 0 ? random.Next(below).ToString() : Odd[random.Next(Odd.Length)].ToString();

    private static string Double(Random random, bool mild) => Doubles[random.Next(mild ? 4 : Doubles.Length)];
}
