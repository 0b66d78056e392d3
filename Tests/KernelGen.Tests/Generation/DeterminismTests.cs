using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Xunit;

namespace KernelGen.Tests.Generation;

public sealed class DeterminismTests
{
    private const string Source = """
        [Block(256), Scale(ScalarType.Float16), Min(ScalarType.Float16, Sign = -1)]
        [Scale(ScalarType.UInt6, Per = 32, Multiply = 0.125, Add = -1.5), Min(ScalarType.UInt6, Per = 32), Codes(4, Stripe = 32)]
        public partial struct Iiı;

        [Block(64), Codes(4, HighFirst = true), Codebook(CodebookFamily.NormalFloat), Scale(ScalarType.Float32, Per = Extent.Row)]
        public partial struct Table;

        [Block(64), Codes(4, Offset = -300)] public partial struct Faulty1;
        [Block(64), Codes(4), Scale(ScalarType.UInt8, Multiply = -1e300)] public partial struct Faulty2;
        [Block(64), Codes(4), Slice("codes", 4, -1)] public partial struct Faulty3;
        """;

    private static readonly Lazy<IReadOnlyList<string>> s_first = new(static () => Output("A.cs"));

    [Fact]
    public void Two_runs_give_the_same() => Assert.Equal(s_first.Value, Output("A.cs"));

    [Fact]
    public void Two_paths_give_the_same() => Assert.Equal(Output("/one/A.cs"), Output("C:\\two\\B.cs"));

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("sv-SE")]
    public void Every_culture_gives_the_same(string name)
    {
        IReadOnlyList<string> expected = s_first.Value;
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo beforeUI = CultureInfo.CurrentUICulture;
        try
        {
            // The process may run without culture data, so what matters of the culture is set by hand.
            CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            try
            {
                culture = (CultureInfo)CultureInfo.GetCultureInfo(name).Clone();
            }
            catch (CultureNotFoundException)
            {
            }

            if (name.Length != 0)
            {
                culture.NumberFormat.NumberDecimalSeparator = ",";
                culture.NumberFormat.NumberGroupSeparator = ".";
                culture.NumberFormat.NegativeSign = "−";
                culture.NumberFormat.PositiveInfinitySymbol = "unendlich";
            }

            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = culture;
            Assert.Equal(expected, Output("A.cs"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            CultureInfo.CurrentUICulture = beforeUI;
        }
    }

    [Fact]
    public void Line_ends_are_line_feeds() => Assert.DoesNotContain(s_first.Value, static text => text.Contains('\r'));

    [Fact]
    public void The_order_of_files_does_not_matter()
    {
        string[] sources = [.. Source.Split("\n\n")];
        Assert.Equal(
            Output(GeneratorHarness.Run(GeneratorHarness.Compile(sources.Select(static (text, i) => GeneratorHarness.Tree(text, $"{i}.cs"))))).Order(),
            Output(GeneratorHarness.Run(GeneratorHarness.Compile(sources.Select(static (text, i) => GeneratorHarness.Tree(text, $"{i}.cs")).Reverse()))).Order());
    }

    private static IReadOnlyList<string> Output(string path) =>
        Output(GeneratorHarness.Run(GeneratorHarness.Compile([GeneratorHarness.Tree(Source, path), .. GeneratorHarness.Catalogue()]), "Scalar,Avx512"));

    private static List<string> Output(GeneratorRunResult result)
    {
        // Formats of the catalogue that have no encoder are noted beside the errors of the source.
        Assert.Equal(3, result.Diagnostics.Count(static d => d.Severity != DiagnosticSeverity.Info));
        return
        [
            .. result.GeneratedSources.Select(static file => file.HintName + "\n" + file.SourceText),
            .. result.Diagnostics.Select(static diagnostic => diagnostic.Id + " " + diagnostic.GetMessage(CultureInfo.InvariantCulture)),
        ];
    }
}
