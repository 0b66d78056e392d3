using System;
using System.Linq;
using KernelGen.Encoders;
using KernelGen.Formats;
using KernelGen.Probes;
using KernelGen.Tests.Kernels;
using Xunit;

namespace KernelGen.Tests.Encoders;

/// <summary>Encoders of structured formats against what their formulas say; the worked examples are the conformance program's.</summary>
public sealed unsafe class EncoderTests
{
    private const int Outputs = 37;
    private const int Inputs = 173;

    [Fact]
    public void TheRankOneFactorsAreTheBestOnes()
    {
        // Of |W| - a bᵀ with singular vectors a and b, |W| b = |b|² a and |W|ᵀ a = |a|² b; and no other pair explains more.
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(61));
        (double[] a, double[] b) = Factors(w);
        Assert.All(a.Concat(b), x => Assert.True(x >= 0));
        double aa = a.Sum(x => x * x);
        double bb = b.Sum(x => x * x);
        Assert.Equal(aa, bb, 1e-9 * aa);
        for (int o = 0; o < Outputs; o++)
        {
            Assert.Equal(bb * a[o], Enumerable.Range(0, Inputs).Sum(i => Math.Abs((double)w[(o * Inputs) + i]) * b[i]), 1e-9 * bb * a.Max());
        }

        for (int i = 0; i < Inputs; i++)
        {
            Assert.Equal(aa * b[i], Enumerable.Range(0, Outputs).Sum(o => Math.Abs((double)w[(o * Inputs) + i]) * a[o]), 1e-9 * aa * b.Max());
        }

        Random random = new(62);
        double best = Error(w, a, b);
        for (int round = 0; round < 20; round++)
        {
            Assert.True(Error(w, [.. a.Select(x => x * (1 + (0.1 * (random.NextDouble() - 0.5))))], b) > best);
            Assert.True(Error(w, a, [.. b.Select(x => x * (1 + (0.1 * (random.NextDouble() - 0.5))))]) > best);
        }
    }

    [Fact]
    public void FactorsOfSimpleMatricesAreFound()
    {
        (double[] a, double[] b) = Factors(new float[Outputs * Inputs]);
        Assert.All(a.Concat(b), x => Assert.Equal(0, x));

        // Rank one: found exactly.
        float[] outer = [.. Enumerable.Range(0, Outputs * Inputs).Select(k => ((k % 2 * 2) - 1) * (1f + (k / Inputs)) * (1f + (k % Inputs)))];
        (a, b) = Factors(outer);
        for (int k = 0; k < outer.Length; k++)
        {
            Assert.Equal(Math.Abs(outer[k]), a[k / Inputs] * b[k % Inputs], 1e-9 * Math.Abs(outer[k]));
        }
    }

    [Fact]
    public void OneBitExplainsGaussianWeightsAsWellAsSignsCan()
    {
        float[] w = TestInputs.Normal(256 * 256, new Random(63), 0.05f);
        using StructuredMatrix<OneBit> matrix = new SignValueEncoder().Quantize<OneBit>(w, 256, 256);

        // Signs and one magnitude explain 2 / π of a normal distribution's energy.
        double error = Nmse(w, matrix);
        Assert.InRange(error, 0.3, 1 - (2 / Math.PI) + 0.01);
    }

    [Fact]
    public void TheResultDoesNotDependOnThreads()
    {
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(64));
        StructureEncoder[] encoders =
        [
            new SignValueEncoder(), new SalientBinaryEncoder(Maxima()), new ColumnBinaryEncoder(), new DualBinaryEncoder(), new ResidualEncoder(),
            new ResidualEncoder(new SignValueEncoder()), new OutputGroupEncoder(), new SlabTernaryEncoder(1), new TileEncoder(), new TileEncoder(), new NestedScaleEncoder(),
        ];
        StructureDescriptor[] formats =
        [
            Structure<OneBit>(), Structure<Ptq161>(), Structure<FbiBinary>(), Structure<Fdb>(), Structure<BinaryDm>(), Structure<BitStack4>(),
            Structure<Int4AsymInputG128>(), Structure<TriLm>(), Structure<Bfp6Tile>(), Structure<LongTiles>(), Structure<NF4DoubleQuant>(),
        ];
        fixed (float* first = w)
        {
            WeightRows rows = new(first, Inputs, Outputs, Inputs);
            for (int i = 0; i < encoders.Length; i++)
            {
                using TensorSet one = encoders[i].Encode(formats[i], rows, 1);
                using TensorSet many = encoders[i].Encode(formats[i], rows, 3);
                Assert.All(one.Tensors, tensor => Assert.Equal(tensor.AsSpan(), many[tensor.Info.Name].AsSpan()));
            }
        }
    }

    [Fact]
    public void SalientColumnsAreThoseOfTheFormula()
    {
        Assert.Equal([false, false, true, false, false, true, false, false, true, false], SalientColumns.Choose([1, 0.4f, 6, 0.9f, 0.3f, 2.5f, 0.8f, 0.2f, 4, 0.5f], 0.2));
        Assert.Equal([false, true, false], SalientColumns.Choose([1, 2, 1], 0));
        Assert.Equal([true, true, true], SalientColumns.Choose([1, 2, 1], 1));
        Assert.Equal([true, true, true, true], SalientColumns.Choose([0, 0, 0, 0], 0.2));
        Assert.Equal([true, true, false, true], SalientColumns.Choose([3, 2, 1, 2], 0.3));
        Assert.Throws<ArgumentException>(() => SalientColumns.Choose([1, float.NaN], 0.2));
        Assert.Throws<ArgumentException>(() => SalientColumns.Choose([1, -1], 0.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => SalientColumns.Choose([1, 2], 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => SalientColumns.Choose([], 0.2));
    }

    [Fact]
    public void SalientCodesAreThoseOfTheWholeRow()
    {
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(65));
        bool[] salient = SalientColumns.Choose(Maxima(), 0.2);
        using StructuredMatrix<Ptq161> matrix = new SalientBinaryEncoder(Maxima()).Quantize<Ptq161>(w, Outputs, Inputs);
        using QuantizedMatrix<Ptq161Salient> whole = QuantizedMatrix<Ptq161Salient>.Quantize(w, Outputs, Inputs);
        float[] actual = new float[Inputs];
        float[] expected = new float[Inputs];
        for (int row = 0; row < Outputs; row++)
        {
            matrix.DequantizeRow(row, actual);
            whole.DequantizeRow(row, expected);
            for (int i = 0; i < Inputs; i++)
            {
                if (salient[i] && actual[i] != expected[i])
                {
                    Assert.Fail($"({row}, {i}) is {actual[i]:R}, not {expected[i]:R}");
                }
            }
        }
    }

    [Fact]
    public void ZerosCountInNoMean()
    {
        // One salient column; the others 0, 1, 3, -1 in turn: the mean of those that are not 0 is 1, of their magnitudes 5/3.
        float[] w = [9, 0, 1, 3, -1, 0, 0, 0, 0];
        using StructuredMatrix<Ptq161> matrix = new SalientBinaryEncoder([1, 0, 0, 0, 0, 0, 0, 0, 0], 0).Quantize<Ptq161>(w, 1, 9);
        using TensorSet tensors = matrix.ToTensors();
        Assert.Equal(1, tensors["parts.0.min"].GetNumber(0));
        Assert.Equal((float)(Half)(5.0 / 3), tensors["parts.0.scale"].GetNumber(0));
        float[] decoded = new float[9];
        matrix.DequantizeRow(0, decoded);
        float plus = (float)(Half)(5.0 / 3) + 1;
        Assert.Equal(plus, decoded[2]);
        Assert.Equal(plus, decoded[3]);
        Assert.Equal(1 - (float)(Half)(5.0 / 3), decoded[1]);
    }

    [Fact]
    public void ZeroWeightsStayZero()
    {
        float[] zeros = new float[3 * 9];
        using StructuredMatrix<Ptq161> salient = new SalientBinaryEncoder([1, 0, 0, 0, 0, 0, 0, 0, 0]).Quantize<Ptq161>(zeros, 3, 9);
        using StructuredMatrix<OneBit> signs = new SignValueEncoder().Quantize<OneBit>(zeros, 3, 9);
        using StructuredMatrix<FbiBinary> columns = new ColumnBinaryEncoder().Quantize<FbiBinary>(zeros, 3, 9);
        using StructuredMatrix<Fdb> planes = new DualBinaryEncoder().Quantize<Fdb>(zeros, 3, 9);
        using StructuredMatrix<BitStack4> terms = new ResidualEncoder(new SignValueEncoder()).Quantize<BitStack4>(zeros, 3, 9);
        foreach (StructuredMatrix matrix in (StructuredMatrix[])[salient, signs, columns, planes, terms])
        {
            float[] row = new float[9];
            matrix.DequantizeRow(1, row);
            Assert.All(row, weight => Assert.Equal(0, weight));
        }

        // All columns salient: the binary part is empty.
        using StructuredMatrix<Ptq161> all = new SalientBinaryEncoder(new float[9]).Quantize<Ptq161>([.. Enumerable.Range(0, 27).Select(k => (float)k)], 3, 9);
        Assert.Equal([0, 9], all.PartInputs);
    }

    [Fact]
    public void EveryTermLowersTheErrorAndTakesUpTheRoundingBeforeIt()
    {
        // Of a normal distribution one plane of signs leaves 1 - 2/π of the energy; what it leaves, |w| about its mean, is halved again by the next.
        float[] w = TestInputs.Normal(64 * 512, new Random(66), 0.05f);
        using StructuredMatrix<BinaryDm> two = new ResidualEncoder().Quantize<BinaryDm>(w, 64, 512);
        Assert.InRange(Nmse(w, two), 0.05, 0.16);
        using StructuredMatrix<BitStack4> four = new ResidualEncoder(new SignValueEncoder()).Quantize<BitStack4>(w, 64, 512);
        Assert.InRange(Nmse(w, four), 0.001, 0.03);

        // The second plane's signs are those of what the first, as stored, leaves.
        using TensorSet tensors = two.ToTensors();
        for (int row = 0; row < 64; row++)
        {
            float scale = tensors["terms.0.scale"].GetNumber(row);
            for (int i = 0; i < 512; i++)
            {
                float x = w[(row * 512) + i];
                long bit = (row * 512) + i;
                Assert.Equal(x - (x >= 0 ? scale : -scale) >= 0, (tensors["terms.1.blocks"].AsSpan()[(int)(bit / 8)] >> (int)(bit % 8) & 1) == 1);
            }
        }
    }

    [Fact]
    public void DualPlanesHoldTheNearestLevelAndLearnScales()
    {
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(67));
        using StructuredMatrix<Fdb> matrix = new DualBinaryEncoder().Quantize<Fdb>(w, Outputs, Inputs);
        double error = Nmse(w, matrix);

        // The best four levels of a normal distribution leave 0.1175 of its energy; one of ours is 0, and 64 samples fit better than many.
        Assert.InRange(error, 0.05, 0.14);
        using TensorSet tensors = matrix.ToTensors();
        float[] row = new float[Inputs];
        for (int o = 0; o < Outputs; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int i = 0; i < Inputs; i++)
            {
                float Scale(int term) => (float)BitConverter.ToHalf(tensors[$"terms.{term}.blocks"].AsSpan()[(((o * 3) + (i / 64)) * 10)..]);
                float[] levels = [0, Scale(0), Scale(1), Scale(0) + Scale(1)];
                float x = w[(o * Inputs) + i];
                Assert.Contains(row[i], levels);
                Assert.Equal(levels.Min(level => Math.Abs(level - x)), Math.Abs(row[i] - x), 1e-6f);
            }
        }

        // The error of steps of one size from the range, as at the paper's start, is larger.
        (float, float)[] start = [.. Enumerable.Range(0, Outputs * 3).Select(g => Start(w.AsSpan((g / 3 * Inputs) + (g % 3 * 64), Math.Min(64, Inputs - (g % 3 * 64)))))];
        using StructuredMatrix<Fdb> given = new DualBinaryEncoder(start).Quantize<Fdb>(w, Outputs, Inputs);
        Assert.True(Nmse(w, given) > error);
        Assert.Throws<ArgumentException>(() => new DualBinaryEncoder([(1, 0.5f)]));
        Assert.Throws<ArgumentException>(() => new DualBinaryEncoder([(0, 0)]));
        Assert.Throws<ArgumentException>(() => new DualBinaryEncoder([(1, -0.5f)]).Quantize<Fdb>(w, Outputs, Inputs));
    }

    [Fact]
    public void GroupsOfOutputsHaveTheRangeOfTheirColumn()
    {
        const int Tall = 130;
        float[] w = TestInputs.Normal(Tall * 9, new Random(68));
        using StructuredMatrix<Int4AsymInputG128> matrix = new OutputGroupEncoder().Quantize<Int4AsymInputG128>(w, Tall, 9);
        using TensorSet tensors = matrix.ToTensors();
        float[] row = new float[9];
        for (int o = 0; o < Tall; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int i = 0; i < 9; i++)
            {
                float[] group = [.. Enumerable.Range(o / 128 * 128, o < 128 ? 128 : 2).Select(r => w[(r * 9) + i])];
                float scale = (float)(Half)((group.Max() - group.Min()) / 15);
                Assert.Equal(scale, tensors["scale"].GetNumber((o / 128 * 9) + i));
                Assert.InRange(Math.Abs(row[i] - w[(o * 9) + i]), 0, Math.Max(scale * 0.51f, Outside(w[(o * 9) + i], scale, tensors["zero"].GetBits((o / 128 * 9) + i))));
            }
        }
    }

    [Fact]
    public void SlabsHaveTheirMeanMagnitude()
    {
        float[] w = TestInputs.Normal(6 * 40, new Random(69));
        using StructuredMatrix<TriLm> matrix = new SlabTernaryEncoder(3).Quantize<TriLm>(w, 6, 40);
        Assert.Equal(3, matrix.Slabs);
        float[] row = new float[40];
        for (int o = 0; o < 6; o++)
        {
            float scale = (float)(Half)w.AsSpan(o / 2 * 80, 80).ToArray().Average(x => Math.Abs((double)x));
            matrix.DequantizeRow(o, row);
            Assert.Equal(w[(o * 40)..((o + 1) * 40)].Select(x => scale * Math.Clamp(MathF.Round(x / scale), -1, 1)), row);
        }

        Assert.Throws<ArgumentException>(() => new SlabTernaryEncoder(4).Quantize<TriLm>(w, 6, 40));
        Assert.Throws<ArgumentException>(() => new SlabTernaryEncoder(0).Quantize<TriLm>(w, 6, 40));
        using TensorSet tensors = matrix.ToTensors();
        StoredTensorException thrown = Assert.Throws<StoredTensorException>(() => StructuredMatrix.FromTensors(Structure<TriLm>(), 4, 40, tensors));
        Assert.Equal("scale", thrown.Tensor);
    }

    [Fact]
    public void TilesHaveTheExponentOfTheirLargestWeight()
    {
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(70));
        using StructuredMatrix<Bfp6Tile> matrix = new TileEncoder().Quantize<Bfp6Tile>(w, Outputs, Inputs);
        float[] row = new float[Inputs];
        for (int o = 0; o < Outputs; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int i = 0; i < Inputs; i++)
            {
                float largest = Enumerable.Range(o / 16 * 16, Math.Min(16, Outputs - (o / 16 * 16)))
                    .Max(r => Enumerable.Range(i / 16 * 16, Math.Min(16, Inputs - (i / 16 * 16))).Max(k => Math.Abs(w[(r * Inputs) + k])));
                float step = MathF.Pow(2, MathF.Ceiling(MathF.Log2(largest)) - 5);
                float x = w[(o * Inputs) + i];
                Assert.Equal(Math.Clamp(MathF.Round(x / step), -31, 31) * step, row[i]);
            }
        }
    }

    [Fact]
    public void TilesOfSeveralBlocksHaveTheExponentOfTheirLargestWeight()
    {
        float[] w = TestInputs.Normal(Outputs * Inputs, new Random(71));
        using StructuredMatrix<LongTiles> matrix = new TileEncoder().Quantize<LongTiles>(w, Outputs, Inputs);
        float[] row = new float[Inputs];
        for (int o = 0; o < Outputs; o++)
        {
            matrix.DequantizeRow(o, row);
            for (int i = 0; i < Inputs; i++)
            {
                float largest = Enumerable.Range(o / 2 * 2, Math.Min(2, Outputs - (o / 2 * 2)))
                    .Max(r => Enumerable.Range(i / 48 * 48, Math.Min(48, Inputs - (i / 48 * 48))).Max(k => Math.Abs(w[(r * Inputs) + k])));
                float step = MathF.Pow(2, MathF.Ceiling(MathF.Log2(largest)) - 3);
                Assert.Equal(Math.Clamp(MathF.Round(w[(o * Inputs) + i] / step), -7, 7) * step, row[i]);
            }
        }
    }

    private static float Outside(float weight, float scale, uint zero)
    {
        // A clipped zero point leaves weights of one sign outside the codes.
        float low = -scale * zero;
        float high = scale * (15 - (float)zero);
        return Math.Max(Math.Max(low - weight, weight - high), 0) + (scale * 0.01f);
    }

    private static (float First, float Second) Start(ReadOnlySpan<float> group)
    {
        float most = 0;
        foreach (float x in group)
        {
            most = Math.Max(most, Math.Max(x / 2, -x));
        }

        return (2 * most, -most);
    }

    [Fact]
    public void FormatsOfAnotherKindAreRefused()
    {
        StructureEncoder[] encoders = [new SignValueEncoder(), new SalientBinaryEncoder(Maxima()), new ColumnBinaryEncoder()];
        foreach (StructureDescriptor format in KernelCase.Structures)
        {
            Assert.InRange(encoders.Count(encoder => encoder.Accepts(format)), 0, 1);
        }

        float weight = 1;
        WeightRows rows = new(&weight, 1, 1, 1);
        Assert.Throws<ArgumentException>(() => new SignValueEncoder().Encode(Structure<Ptq161>(), rows));
        Assert.Throws<ArgumentException>(() => new SalientBinaryEncoder(Maxima()).Encode(Structure<Ptq161>(), rows));
        Assert.False(new SignValueEncoder().Accepts(Structure<ColumnScaleZero>()));
        Assert.False(new ColumnBinaryEncoder().Accepts(Structure<ColumnExponent>()));
    }

    [Fact]
    public void WeightsThatCannotBeStoredAreRefused()
    {
        float[] w = new float[Outputs * Inputs];
        w[Inputs + 5] = float.NaN;
        NonFiniteWeightException thrown = Assert.Throws<NonFiniteWeightException>(() => new SignValueEncoder().Quantize<OneBit>(w, Outputs, Inputs));
        Assert.Equal((1, 5), (thrown.Row, thrown.Column));
        Assert.Throws<ArgumentException>(() => new SignValueEncoder().Quantize<OneBit>(w, Outputs, Inputs + 1));

        // Beyond f16.
        float[] huge = [.. Enumerable.Repeat(1e9f, 9)];
        Assert.Equal("scale", Assert.Throws<StoredTensorException>(() => new ColumnBinaryEncoder().Quantize<FbiBinary>([.. huge, .. huge.Select(x => -x)], 2, 9)).Tensor);
    }

    private static float[] Maxima() => [.. Enumerable.Range(0, Inputs).Select(i => (float)(i * 37 % 101))];

    private static StructureDescriptor Structure<TFormat>()
        where TFormat : struct, IStructuredFormat<TFormat> => TFormat.Structure;

    private static (double[] A, double[] B) Factors(float[] w)
    {
        fixed (float* first = w)
        {
            return RankOne.Approximate(new WeightRows(first, Inputs, Outputs, Inputs), 2);
        }
    }

    private static double Error(float[] w, double[] a, double[] b) =>
        Enumerable.Range(0, w.Length).Sum(k => Math.Pow(Math.Abs((double)w[k]) - (a[k / Inputs] * b[k % Inputs]), 2));

    private static double Nmse(float[] w, StructuredMatrix matrix)
    {
        float[] row = new float[matrix.Inputs];
        double error = 0;
        for (int o = 0; o < matrix.Outputs; o++)
        {
            matrix.DequantizeRow(o, row);
            error += row.Select((x, i) => Math.Pow(x - w[(o * row.Length) + i], 2)).Sum();
        }

        return error / w.Sum(x => (double)x * x);
    }
}
