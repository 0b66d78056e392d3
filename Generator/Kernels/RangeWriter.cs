using System.Collections.Generic;
using KernelGen.Generator.Emission;
using KernelGen.Generator.Model;
using KernelGen.Generator.Targets;
using static KernelGen.Generator.Kernels.IndexExpression;

namespace KernelGen.Generator.Kernels;

/// <summary>
/// Writes what an encoder must know of the weights it covers: the largest magnitude, the weight that has it, the least and the
/// largest weight, the mean or the median magnitude, or the mean and how far the weights are from it (these three in plain C# on every target).
/// Order matters in three places and is the same on all targets: of weights of equal
/// magnitude the first gives the sign, of zeros the first is the least or largest (which only a rule without 0 sees), and magnitudes are added up in 8 lanes of f64
/// (<c>EncoderIdioms.Magnitudes</c>). The first two are rare, and then looked up by the scalar idiom.
/// </summary>
internal sealed class RangeWriter(EncodeRange range, Target target)
{
    /// <summary>Vectors of weights that are written one after another; longer groups loop.</summary>
    private const int StraightVectors = 16;

    /// <summary>What a range rule needs: the parameters of <c>ChooseParameters</c>.</summary>
    public static IReadOnlyList<string> StatisticsOf(EncodeRange range) => range switch
    {
        EncodeRange.SignedMax => ["signedLargest"],
        EncodeRange.AbsMean => ["mean"],
        EncodeRange.AbsMedian => ["median"],
        EncodeRange.CentredAbsMean or EncodeRange.StandardDeviation => ["mean", "deviation"],
        EncodeRange.MinMax or EncodeRange.MinMaxWithZero => ["low", "high"],
        _ => ["largest"],
    };

    /// <summary>Whether the statistics are the scalar idioms' on every target, over a matrix or a part of a row alike.</summary>
    private bool IsPlain => range is EncodeRange.AbsMedian or EncodeRange.CentredAbsMean or EncodeRange.StandardDeviation;

    private string Idioms => target.HasRowVectors ? target.RowSupport : "EncoderIdioms";

    /// <summary>Declares the statistics, with a suffix, of any number of weights.</summary>
    public void Span(CodeWriter code, string x, string count, string suffix = "")
    {
        if (IsPlain)
        {
            Plain(code, $"{x}, 0, 1, {count}", count, suffix);
            return;
        }

        switch (range)
        {
            case EncodeRange.SignedMax:
                code.Line($"float signedLargest{suffix} = {Idioms}.SignedLargest({x}, {count});");
                break;
            case EncodeRange.AbsMean:
                code.Line($"float mean{suffix} = (float)({Idioms}.Magnitudes({x}, {count}) / ({count} == 0 ? 1 : {count}));");
                break;
            case EncodeRange.MinMax:
            case EncodeRange.MinMaxWithZero:
                code.Line($"float low{suffix} = {Idioms}.Low({x}, {count});");
                code.Line($"float high{suffix} = {Idioms}.High({x}, {count});");
                break;
            default:
                code.Line($"float largest{suffix} = {Idioms}.Largest({x}, {count});");
                break;
        }
    }

    /// <summary>Declares the statistics of all rows of a matrix: <c>x</c>, <c>stride</c>, <c>rows</c>, <c>k</c>.</summary>
    public void Matrix(CodeWriter code)
    {
        if (IsPlain)
        {
            Plain(code, "x, stride, rows, k", "(rows * k)", string.Empty);
            return;
        }

        string initial = range switch
        {
            EncodeRange.SignedMax => "float signedLargest = 0;",
            EncodeRange.AbsMean => "double sum = 0;",
            EncodeRange.MinMax or EncodeRange.MinMaxWithZero => "float low = 0;\nfloat high = 0;",
            _ => "float largest = 0;",
        };
        code.Line(initial);
        using (code.Block("for (long r = 0; r < rows; r++)"))
        {
            if (range == EncodeRange.AbsMean)
            {
                code.Line($"sum += {Idioms}.Magnitudes(x + (r * stride), k);");
            }
            else
            {
                Span(code, "x + (r * stride)", "k", "OfRow");
            }

            foreach (string line in range switch
            {
                EncodeRange.SignedMax => ["signedLargest = Math.Abs(signedLargestOfRow) > Math.Abs(signedLargest) ? signedLargestOfRow : signedLargest;"],
                EncodeRange.AbsMean => [],
                EncodeRange.MinMax or EncodeRange.MinMaxWithZero => ["low = r == 0 || lowOfRow < low ? lowOfRow : low;", "high = r == 0 || highOfRow > high ? highOfRow : high;"],
                _ => (string[])["largest = largestOfRow > largest ? largestOfRow : largest;"],
            })
            {
                code.Line(line);
            }
        }

        if (range == EncodeRange.AbsMean)
        {
            code.Line("float mean = (float)(sum / (rows * k == 0 ? 1 : rows * k));");
        }
    }

    /// <summary>Declares the statistics, with a suffix, of one whole group in vectors.</summary>
    public void Group(CodeWriter code, string x, int inputs, string suffix)
    {
        int vectors = inputs / target.Lanes;
        if (range == EncodeRange.AbsMean || IsPlain || vectors > StraightVectors)
        {
            Span(code, x, $"{inputs}", suffix);
            return;
        }

        bool magnitudes = range is not (EncodeRange.SignedMax or EncodeRange.MinMax or EncodeRange.MinMaxWithZero);
        for (int v = 0; v < vectors; v++)
        {
            string loaded = target.LoadSingle(Offset(x, $"{v * target.Lanes}"));
            code.Line($"{target.Single} r{suffix}_{v} = {(magnitudes ? target.Abs(loaded) : loaded)};");
        }

        string Reduce(bool largest)
        {
            var terms = new List<string>();
            for (int v = 0; v < vectors; v++)
            {
                terms.Add($"r{suffix}_{v}");
            }

            // A tree: the reduction waits for as few steps as can be.
            while (terms.Count > 1)
            {
                var next = new List<string>();
                for (int i = 0; i < terms.Count; i += 2)
                {
                    next.Add(i + 1 == terms.Count ? terms[i] : largest ? target.LargerOf(terms[i], terms[i + 1]) : target.SmallerOf(terms[i], terms[i + 1]));
                }

                terms = next;
            }

            return largest ? target.LargestLane(terms[0]) : target.SmallestLane(terms[0]);
        }

        if (magnitudes)
        {
            code.Line($"float largest{suffix} = {Reduce(true)};");
            return;
        }

        code.Line($"float low{suffix} = {Reduce(false)};");
        code.Line($"float high{suffix} = {Reduce(true)};");
        if (range == EncodeRange.SignedMax)
        {
            code.Line($"float signedLargest{suffix} = high{suffix} > -low{suffix} ? high{suffix} : -low{suffix} > high{suffix} ? low{suffix} : EncoderIdioms.SignedLargest({x}, {inputs});");
            return;
        }

        if (range == EncodeRange.MinMaxWithZero)
        {
            return;
        }

        code.Line($"low{suffix} = low{suffix} == 0 ? EncoderIdioms.Low({x}, {inputs}) : low{suffix};");
        code.Line($"high{suffix} = high{suffix} == 0 ? EncoderIdioms.High({x}, {inputs}) : high{suffix};");
    }

    /// <summary>Statistics in f64, weight after weight.</summary>
    private void Plain(CodeWriter code, string weights, string count, string suffix)
    {
        if (range == EncodeRange.AbsMedian)
        {
            code.Line($"float median{suffix} = EncoderIdioms.MedianMagnitude({weights});");
            return;
        }

        bool squares = range == EncodeRange.StandardDeviation;
        code.Line($"double centre{suffix} = EncoderIdioms.Sum({weights}) / ({count} == 0 ? 1 : {count});");
        code.Line($"float mean{suffix} = (float)centre{suffix};");
        code.Line(squares
            ? $"float deviation{suffix} = (float)Math.Sqrt(EncoderIdioms.SquaredDeviations({weights}, centre{suffix}) / ({count} < 2 ? 1 : {count} - 1));"
            : $"float deviation{suffix} = (float)(EncoderIdioms.Deviations({weights}, centre{suffix}) / ({count} == 0 ? 1 : {count}));");
    }
}
