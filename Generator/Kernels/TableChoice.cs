using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Planning;
using KernelGen.Generator.Targets;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes the encoder's choice among the tables of a selector: each table with the scale by which the largest weight meets its largest
/// magnitude, of the squared errors, in f64, the least.
/// </summary>
internal sealed class TableChoice
{
    /// <summary>The method of <see cref="WriteNearest"/>.</summary>
    public const string Nearest = "NearestCodes";

    private readonly FormatSpec _spec;
    private readonly IReadOnlyList<CodebookSpec> _tables;

    public TableChoice(FormatSpec spec)
    {
        _spec = spec;
        int size = 1 << spec.Codes.Bits;
        _tables = [.. Enumerable.Range(0, 1 << spec.SelectorBits)
            .Select(table => new CodebookSpec(spec.Codebook!.ValueBits.Skip(table * size).Take(size).ToEquatableArray()))];
    }

    /// <summary>Where a group's choice stands among the block's <c>parameters</c>.</summary>
    public string Entry(string group) => $"parameters[{IndexExpression.Sum(Text(RowParameters.FirstEntry(_spec, _spec.Selector)), group)}]";

    /// <summary>The method that chooses.</summary>
    /// <param name="code">The file.</param>
    /// <param name="plan">The format's plan.</param>
    /// <param name="leastScale">The least scale, or null.</param>
    /// <param name="vectors">Whether a table's codes are those of <see cref="WriteNearest"/>, which are left in <c>codes</c>.</param>
    public void Choose(CodeWriter code, FormatPlan plan, string? leastScale, bool vectors = false)
    {
        code.Doc("<summary>The table, and its scale, by which weights are met with the least squared error; of equal ones the first.</summary>");
        if (vectors)
        {
            code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        }

        using (code.Method($"{(vectors ? "private" : "internal")} static uint ChooseTable(float* x, int count, float largest, {(vectors ? "byte* codes, " : string.Empty)}out float scale)"))
        {
            var values = new ValueWriter(plan, new ScalarTarget());
            values.DeclareTables(code);
            code.Line("scale = 0;");
            code.Line("uint chosen = 0;");
            code.Line("double least = double.PositiveInfinity;");
            using (code.Block($"for (uint table = 0; table < {Text(_tables.Count)}; table++)"))
            {
                string ratio = $"largest / {Largest()}";
                code.Line($"float tried = {(leastScale is null ? ratio : $"EncoderIdioms.AtLeast({ratio}, {leastScale})")};");
                if (vectors)
                {
                    code.Line($"{Nearest}(x, count, tried, table, codes);");
                }

                code.Line("double error = 0;");
                using (code.Block("for (int i = 0; i < count; i++)"))
                {
                    string value = values.OfStored(code, $"(int)({(vectors ? "codes[i]" : "Encode(x[i], tried, 0f, table)")} | (table << {Text(_spec.Codes.Bits)}))");
                    code.Line($"double distance = x[i] - ((double)tried * {value});");
                    code.Line("error += distance * distance;");
                }

                using (code.Block("if (error < least)"))
                {
                    code.Line("least = error;");
                    code.Line("chosen = table;");
                    code.Line("scale = tried;");
                }
            }

            code.Line("return chosen;");
        }
    }

    /// <summary>The method that finds the codes of whole vectors of weights by one of the tables.</summary>
    /// <param name="code">The file.</param>
    /// <param name="target">Prints the idioms.</param>
    /// <param name="rounding">Scales weights.</param>
    public void WriteNearest(CodeWriter code, Target target, CodeRounding rounding)
    {
        code.Doc($"<summary>The codes of the entries of a table nearest to weights, a multiple of {Text(target.RowBytes)}.</summary>");
        code.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (code.Method($"private static void {Nearest}(float* x, int count, float scale, uint table, byte* codes)"))
        {
            rounding.Group(code, "scale", "0f", string.Empty);
            ByTable(code, table =>
            {
                var nearest = new NearestEntry(_spec with { Codebook = table }, target);
                nearest.Declare(code);
                using (code.Block($"for (int e = 0; e < count; e += {Text(target.RowBytes)})"))
                {
                    string[] ranks = [.. Enumerable.Range(0, 4).Select(v =>
                        nearest.Rank(code, rounding.Scaled(code, target.LoadSingle(IndexExpression.Offset("x", "e", Text(v * target.Lanes))), string.Empty)))];
                    code.Line(target.StoreBytes("codes + e", $"({nearest.Codes(target.NarrowToBytes(ranks[0], ranks[1], ranks[2], ranks[3]))})"));
                }

                code.Line("break;");
            });
        }
    }

    /// <summary>The code of the entry of the chosen table nearest to a scaled weight.</summary>
    /// <param name="code">The file.</param>
    /// <param name="scaled">The weight.</param>
    public void OfScaled(CodeWriter code, string scaled) => ByTable(code, table =>
    {
        var nearest = new NearestEntry(_spec with { Codebook = table }, new ScalarTarget());
        nearest.Declare(code);
        code.Line($"return (byte)({nearest.Rank(code, scaled)});");
    });

    private void ByTable(CodeWriter code, Action<CodebookSpec> write)
    {
        using (code.Block("switch (table)"))
        {
            for (int table = 0; table < _tables.Count; table++)
            {
                using (code.Block(table == _tables.Count - 1 ? "default:" : $"case {Text(table)}:"))
                {
                    write(_tables[table]);
                }
            }
        }
    }

    /// <summary>The largest magnitude of the table, as an expression.</summary>
    private string Largest()
    {
        string[] magnitudes = [.. _tables.Select(table => FloatLiteral.Of(FloatBits.FromSingle(table.Numbers.Max(Math.Abs))))];
        return magnitudes.Distinct().Count() == 1
            ? magnitudes[0]
            : "(" + string.Concat(magnitudes.Take(magnitudes.Length - 1).Select((magnitude, table) => $"table == {Text(table)} ? {magnitude} : ")) + magnitudes[magnitudes.Length - 1] + ")";
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
