using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KernelGen.Conformance;
using KernelGen.Encoders;
using KernelGen.Formats;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Encoders that search, against ggml's recorded errors, against an exhaustive search, and at the corners of their input.</summary>
public sealed class SearchedEncoderTests
{
    private const int Rows = 7;

    /// <summary>Formats that are searched: all of the catalogue that can be.</summary>
    public static TheoryData<string> Searched => [.. FormatCatalogue.All.Where(SearchedEncoder.Accepts).Select(format => format.Name)];

    [Fact]
    public void TheFormatsWithoutAFormulaAreAccepted()
    {
        string[] named = ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S", "IQ1_M"];
        Assert.All(named, name => Assert.True(SearchedEncoder.IsUsual(Format(name)), name));
        Assert.All((string[])["Q4_0", "Q8_0", "NF4"], name => Assert.True(SearchedEncoder.Accepts(Format(name)) && !SearchedEncoder.IsUsual(Format(name)), name));
        foreach (string name in (string[])["F16", "TQ1_0", "Q8_K", "TernaryRow"])
        {
            Assert.False(SearchedEncoder.Accepts(Format(name)));
            SearchUnsupportedException thrown = Assert.Throws<SearchUnsupportedException>(() => SearchedEncoder.Encode(Format(name), new float[256], 1, 256));
            Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Searched))]
    public void TheSearchIsNotWorseThanTheFormatsOwnEncoder(string name)
    {
        FormatDescriptor format = Format(name);
        if (!format.HasEncoder)
        {
            return;
        }

        int inputs = 4 * format.BlockInputs;
        float[] w = TestInputs.Normal(Rows * inputs, new Random(75), 0.05f);
        using QuantizedMatrix searched = SearchedEncoder.Encode(format, w, Rows, inputs, default, new SearchOptions { Weighting = ErrorWeighting.Uniform });
        using QuantizedMatrix own = QuantizedMatrix.Quantize(format, w, Rows, inputs);
        Assert.True(Nmse(searched, w) <= 1.001 * Nmse(own, w), $"{name}: {Nmse(searched, w):G4} searched, {Nmse(own, w):G4} by its own encoder");
    }

    [Theory]
    [MemberData(nameof(Searched))]
    public void TheResultDoesNotDependOnThreadsOrNeighbours(string name)
    {
        FormatDescriptor format = Format(name);
        int inputs = 3 * format.BlockInputs;
        float[] w = TestInputs.Normal(Rows * inputs, new Random(71), 0.05f), importance = Importance(inputs);
        using QuantizedMatrix one = SearchedEncoder.Encode(format, w, Rows, inputs, importance, new SearchOptions { Threads = 1 });
        using QuantizedMatrix two = SearchedEncoder.Encode(format, w, Rows, inputs, importance, new SearchOptions { Threads = 2 });
        Assert.Equal(Bytes(one), Bytes(two));
        for (int row = 0; row < Rows; row += 3)
        {
            using QuantizedMatrix alone = SearchedEncoder.Encode(format, w.AsSpan(row * inputs, inputs), 1, inputs, importance);
            Assert.Equal(Bytes(one).AsSpan((int)(row * one.RowByteCount), (int)one.RowByteCount).ToArray(), Bytes(alone));
        }
    }

    [Theory]
    [MemberData(nameof(Searched))]
    public void EveryKindOfWeightsIsEncoded(string name)
    {
        FormatDescriptor format = Format(name);
        int inputs = 2 * format.BlockInputs;
        IEnumerable<(string Kind, float[] Weights)> all = TestInputs.Weights(inputs, new Random(72)).Concat(TestInputs.SpecialWeights(inputs, new Random(73)))
            .Where(kind => kind.Weights.All(float.IsFinite));
        foreach ((string kind, float[] w) in all)
        {
            foreach (float[] importance in (float[][])[[], Importance(inputs), new float[inputs]])
            {
                using QuantizedMatrix matrix = SearchedEncoder.Encode(format, w, 1, inputs, importance);
                Assert.Null(matrix.Validate());
                float[] decoded = new float[inputs];
                matrix.DequantizeRow(0, decoded);
                Assert.All(decoded, value => Assert.True(float.IsFinite(value), $"{kind}: {value}"));
            }
        }
    }

    [Theory]
    [InlineData("Q2_K", 0.12)]
    [InlineData("Q3_K", 0.04)]
    [InlineData("Q4_K", 0.01)]
    [InlineData("Q5_K", 0.003)]
    [InlineData("Q6_K", 0.001)]
    [InlineData("IQ4_NL", 0.01)]
    [InlineData("IQ4_XS", 0.01)]
    [InlineData("IQ3_S", 0.05)]
    [InlineData("IQ3_XXS", 0.06)]
    [InlineData("IQ2_S", 0.12)]
    [InlineData("IQ2_XS", 0.15)]
    [InlineData("IQ2_XXS", 0.17)]
    [InlineData("IQ1_M", 0.4)]
    [InlineData("IQ1_S", 0.45)]
    public void ScalingWeightsScalesTheErrorAndRaggedRowsAreEncoded(string name, double most)
    {
        FormatDescriptor format = Format(name);
        int inputs = format.BlockInputs + (format.Ragged == RaggedRows.Reject ? 0 : 19);
        float[] w = TestInputs.Normal(Rows * inputs, new Random(74), 0.05f);
        // Not less than a tenth: the block's f16 of nested scales is near its smallest number then, whoever encodes.
        foreach (float factor in (float[])[1, 0.1f, 1e3f])
        {
            float[] scaled = [.. w.Select(x => x * factor)];
            using QuantizedMatrix matrix = SearchedEncoder.Encode(format, scaled, Rows, inputs);
            Assert.InRange(Nmse(matrix, scaled), 0, most);
        }
    }

    [Theory]
    [InlineData("Q2_K")]
    [InlineData("Q3_K")]
    [InlineData("Q4_K")]
    [InlineData("Q5_K")]
    [InlineData("Q6_K")]
    [InlineData("IQ4_NL")]
    [InlineData("IQ4_XS")]
    public void TheErrorIsBelowThatOfTheDeclaredFormula(string name)
    {
        FormatDescriptor format = Format(name);
        int inputs = 2 * format.BlockInputs;
        foreach ((string kind, float[] w) in TestInputs.Weights(inputs, new Random(75)).Take(5))
        {
            using QuantizedMatrix formula = QuantizedMatrix.Quantize(format, w, 1, inputs);
            using QuantizedMatrix searched = SearchedEncoder.Encode(format, w, 1, inputs);
            Assert.True(Weighted(searched, w) <= Weighted(formula, w) * 1.0001, $"{kind}: {Weighted(searched, w)} against {Weighted(formula, w)}");
        }
    }

    [Fact]
    public void ImportanceMovesTheErrorToWhatMattersLess()
    {
        foreach (string name in (string[])["Q2_K", "Q3_K", "IQ4_XS", "IQ2_XXS", "IQ3_S", "IQ1_S"])
        {
            FormatDescriptor format = Format(name);
            float[] w = TestInputs.Normal(8 * 256, new Random(76)), importance = [.. Enumerable.Range(0, 256).Select(i => i % 2 == 0 ? 1 : 0.01f)];
            using QuantizedMatrix plain = SearchedEncoder.Encode(format, w, 8, 256, default, new SearchOptions { Weighting = ErrorWeighting.Uniform });
            using QuantizedMatrix biased = SearchedEncoder.Encode(format, w, 8, 256, importance, new SearchOptions { Weighting = ErrorWeighting.Uniform });
            (double even, double odd) before = Halves(plain, w), after = Halves(biased, w);
            Assert.True(after.even < 0.97 * before.even && after.odd > before.odd, $"{name}: {before} {after}");
        }
    }

    [Fact]
    public void WrongArgumentsAreNamed()
    {
        FormatDescriptor format = Format("Q4_K");
        Assert.Throws<MatrixShapeException>(() => SearchedEncoder.Encode(format, new float[255], 1, 256));
        Assert.Throws<ImportanceException>(() => SearchedEncoder.Encode(format, new float[256], 1, 256, new float[255]));
        float[] negative = new float[256];
        negative[7] = -1;
        Assert.Contains("input 7", Assert.Throws<ImportanceException>(() => SearchedEncoder.Encode(format, new float[256], 1, 256, negative)).Message, StringComparison.Ordinal);
        negative[7] = float.PositiveInfinity;
        Assert.Throws<ImportanceException>(() => SearchedEncoder.Encode(format, new float[256], 1, 256, negative));
        foreach (float bad in (float[])[float.NaN, float.NegativeInfinity])
        {
            float[] w = new float[3 * 256];
            w[300] = bad;
            NonFiniteWeightException thrown = Assert.Throws<NonFiniteWeightException>(() => SearchedEncoder.Encode(format, w, 3, 256));
            Assert.Equal((1, 44), (thrown.Row, thrown.Column));
        }

        using QuantizedMatrix none = SearchedEncoder.Encode(format, [], 0, 256);
        Assert.Equal(0, none.Outputs);
    }

    [Theory]
    [InlineData("IQ2_XXS")]
    [InlineData("IQ2_XS")]
    [InlineData("IQ3_XXS")]
    public unsafe void AVectorsEntryAndForcedSignsAreTheBest(string name)
    {
        // A block whose scale is found: at that scale no other entry with signs of even parity decodes nearer to an entry of signs' eight inputs.
        FormatDescriptor format = Format(name);
        float[] w = TestInputs.Normal(256, new Random(77)), decoded = new float[256];
        using QuantizedMatrix matrix = SearchedEncoder.Encode(format, w, 1, 256, default, new SearchOptions { Weighting = ErrorWeighting.Uniform });
        matrix.DequantizeRow(0, decoded);
        CodeNumbers codes = format.Codes!;
        GeneratedFormat generated = new(format);
        (byte[] stored, _) = generated.Unpack(Bytes(matrix));
        for (int first = 0; first < 256; first += 8)
        {
            int entry = Stored(stored, first / codes.Length, format.CodeBytes);
            float scale = Math.Abs(decoded[first] / codes.Numbers[codes.Vectors[entry * codes.Length]]);
            double found = Enumerable.Range(first, 8).Sum(i => Math.Pow(w[i] - decoded[i], 2));
            Assert.True(Enumerable.Range(first, 8).Count(i => float.IsNegative(decoded[i])) % 2 == 0);
            Assert.InRange(found, 0, (BestOfEight(w.AsSpan(first, 8), codes, scale) * 1.0001) + 1e-9);
        }
    }

    /// <summary>Errors of ggml v0.21.0, recorded; ggml-errors.tsv says how.</summary>
    [Fact]
    public void ErrorsAreNotAboveGgmls()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "ggml-errors.tsv");
        int compared = 0;
        foreach (string[] cells in File.ReadLines(path).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')))
        {
            FormatDescriptor format = Format(cells[0]);
            float[] importance = cells[1] == "importance" ? GgmlWeights.Importance(GgmlWeights.Inputs) : [];
            double error = GgmlWeights.Error(format, importance, cells[1] == "importance"), theirs = double.Parse(cells[2], CultureInfo.InvariantCulture);
            Assert.True(error <= theirs, $"{cells[0]} {cells[1]}: {error:E4}, ggml's is {theirs:E4}");
            compared++;
        }

        Assert.True(compared >= 24);
    }

    private static int Stored(byte[] codes, int index, int bytes) => bytes == 1 ? codes[index] : BitConverter.ToUInt16(codes, index * 2);

    /// <summary>The least squared error of eight weights: all entries, all signs of even parity.</summary>
    private static unsafe double BestOfEight(ReadOnlySpan<float> w, CodeNumbers codes, float scale)
    {
        int parts = 8 / codes.Length;
        double[,] least = new double[parts, 2];
        for (int part = 0; part < parts; part++)
        {
            least[part, 0] = least[part, 1] = double.PositiveInfinity;
            for (int entry = 0; entry < codes.Entries; entry++)
            {
                for (int signs = 0; signs < 1 << codes.Length; signs++)
                {
                    double error = 0;
                    for (int j = 0; j < codes.Length; j++)
                    {
                        float number = scale * codes.Numbers[codes.Vectors[(entry * codes.Length) + j]];
                        error += Math.Pow(w[(part * codes.Length) + j] - ((signs >> j & 1) == 1 ? -number : number), 2);
                    }

                    int odd = int.PopCount(signs) & 1;
                    least[part, odd] = Math.Min(least[part, odd], error);
                }
            }
        }

        return parts == 1 ? least[0, 0] : Math.Min(least[0, 0] + least[1, 0], least[0, 1] + least[1, 1]);
    }

    private static FormatDescriptor Format(string name) => FormatCatalogue.All.First(format => format.Name == name);

    private static float[] Importance(int inputs) => GgmlWeights.Importance(inputs);

    private static unsafe byte[] Bytes(QuantizedMatrix matrix) => new ReadOnlySpan<byte>(matrix.Blocks, (int)matrix.BlockByteCount).ToArray();

    private static double Nmse(QuantizedMatrix matrix, float[] w)
    {
        float[] decoded = Decoded(matrix);
        return w.Zip(decoded, (a, b) => Math.Pow((double)a - b, 2)).Sum() / w.Sum(a => (double)a * a);
    }

    private static double Weighted(QuantizedMatrix matrix, float[] w) => WeightedError.OfRow(matrix.Format, w, Decoded(matrix));

    private static (double Even, double Odd) Halves(QuantizedMatrix matrix, float[] w)
    {
        double[] squares = [.. w.Zip(Decoded(matrix), (a, b) => Math.Pow((double)a - b, 2))];
        return (squares.Where((_, i) => i % 2 == 0).Sum(), squares.Where((_, i) => i % 2 == 1).Sum());
    }

    private static float[] Decoded(QuantizedMatrix matrix)
    {
        float[] decoded = new float[matrix.Outputs * matrix.Inputs];
        for (long row = 0; row < matrix.Outputs; row++)
        {
            matrix.DequantizeRow(row, decoded.AsSpan((int)(row * matrix.Inputs), (int)matrix.Inputs));
        }

        return decoded;
    }
}
