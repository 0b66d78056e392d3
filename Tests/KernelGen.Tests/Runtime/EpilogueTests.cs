using System;
using System.Numerics;
using KernelGen.Epilogues;
using KernelGen.Tests.Memory;
using Xunit;

namespace KernelGen.Tests.Runtime;

/// <summary>Operators on the outputs: on every way a product is computed, for rectangles and threads, against one element at a time.</summary>
public sealed unsafe class EpilogueTests
{
    private const int K = 70;
    private const int MostRows = 13;
    private const int MostOutputs = 43;
    private const int OperandStride = MostOutputs + 5;

    private static readonly WorkerPool Pool = new(3);

    private delegate float Reference(float y, int row, int output);

    public static TheoryData<int, ComputeMode, bool> Ways()
    {
        TheoryData<int, ComputeMode, bool> ways = [];
        foreach (int m in (int[])[1, 2, 3, 13])
        {
            foreach (ComputeMode mode in Enum.GetValues<ComputeMode>())
            {
                ways.Add(m, mode, false);
                ways.Add(m, mode, true);
            }
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void EveryElementIsVisitedOnceWithItsPlace(int m, ComputeMode mode, bool packed) =>
        EveryRectangle(m, mode, packed, default(Place), (y, row, output) => (row * 1000) + output);

    [Theory]
    [MemberData(nameof(Ways))]
    public void ElementsAreVisitedOnce(int m, ComputeMode mode, bool packed) =>
        EveryRectangle(m, mode, packed, default(Halve), (y, row, output) => y * 0.5f);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Bias(int m, ComputeMode mode, bool packed)
    {
        float[] values = Data.Random(MostOutputs, 21);
        using GuardedMemory bias = GuardedMemory.Of<float>(values);
        EveryRectangle(m, mode, packed, new AddBias(bias.Floats, MostOutputs), (y, row, output) => y + values[output]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ClampBetweenLimits(int m, ComputeMode mode, bool packed) =>
        EveryRectangle(m, mode, packed, new Clamp(-0.5f, 1.25f), (y, row, output) => y < -0.5f ? -0.5f : y > 1.25f ? 1.25f : y);

    [Theory]
    [MemberData(nameof(Ways))]
    public void Residual(int m, ComputeMode mode, bool packed)
    {
        using Operand residual = new(m, 22);
        EveryRectangle(m, mode, packed, new AddResidual(residual.Pointer, OperandStride), (y, row, output) => y + residual[row, output]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SiluOfTheOutputTimesAnotherProduct(int m, ComputeMode mode, bool packed)
    {
        using Operand up = new(m, 23);
        EveryRectangle(m, mode, packed, new Silu().Then(new MultiplyBy(up.Pointer, OperandStride)), (y, row, output) => SiluOf(y) * up[row, output]);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void SiluOfAnotherProductTimesTheOutput(int m, ComputeMode mode, bool packed)
    {
        using Operand gate = new(m, 24);
        EveryRectangle(m, mode, packed, new SiluGate(gate.Pointer, OperandStride), (y, row, output) => SiluOf(gate[row, output]) * y);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void FourOperatorsInOrder(int m, ComputeMode mode, bool packed)
    {
        float[] values = Data.Random(MostOutputs, 25);
        using GuardedMemory bias = GuardedMemory.Of<float>(values);
        using Operand gate = new(m, 26);
        using Operand residual = new(m, 27);
        EveryRectangle(
            m,
            mode,
            packed,
            new AddBias(bias.Floats, MostOutputs).Then(new SiluGate(gate.Pointer, OperandStride)).Then(Clamp.Relu6)
                .Then(new AddResidual(residual.Pointer, OperandStride)),
            (y, row, output) => Math.Clamp(SiluOf(gate[row, output]) * (y + values[output]), 0, 6) + residual[row, output]);
    }

    [Fact]
    public void LongRowsAreCutIntoStretches()
    {
        const int Outputs = (2 * EpilogueDriver.StretchOutputs) + 13;
        float[] x = Data.Random(2 * 32, 1);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(Outputs * 32, 2), Outputs, 32);
        foreach (bool packed in (bool[])[false, true])
        {
            if (packed)
            {
                matrix.Pack();
            }

            for (int m = 1; m <= 2; m++)
            {
                float[] plain = new float[m * Outputs];
                float[] halves = new float[m * Outputs];
                matrix.Multiply(x.AsSpan(0, m * 32), m, plain);
                matrix.Multiply(x.AsSpan(0, m * 32), m, halves, default(Halve), new MultiplyOptions { Threads = 1 });
                Assert.Equal(Array.ConvertAll(plain, y => y * 0.5f), halves);
            }
        }
    }

    [Fact]
    public void NaNStaysNaNAndZerosKeepTheirSigns()
    {
        float[] values = [float.NaN, -0f, 0f, float.NegativeInfinity, float.PositiveInfinity, 7, -7, 3, 6];
        float[] expected = [float.NaN, -0f, 0f, 0, 6, 6, 0, 3, 6];
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(expected[i], Clamp.Relu6.Invoke(values[i], 0, 0));
            Vector<float> vector = Clamp.Relu6.Invoke(new Vector<float>(values[i]), 0, 0);
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(vector[Vector<float>.Count - 1]));
        }
    }

    [Fact]
    public void OperandsThatDoNotFitAreRefusedBeforeAnythingIsWritten()
    {
        float* some = stackalloc float[1];
        Refused(new AddBias(some, MostOutputs - 1));
        Refused(new AddBias(null, MostOutputs));
        Refused(new AddResidual(null, OperandStride));
        Refused(new AddResidual(some, MostOutputs - 1));
        Refused(new MultiplyBy(some, 0));
        Refused(new SiluGate(some, -1));
        Refused(default(NoEpilogue).Then(new SiluGate(null, OperandStride)));
        Assert.Throws<ArgumentException>(() => new Clamp(1, 0));
        Assert.Throws<ArgumentException>(() => new Clamp(float.NaN, 0));

        static void Refused<TEpilogue>(TEpilogue epilogue)
            where TEpilogue : struct, IEpilogue<TEpilogue>
        {
            using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(MostOutputs * K, 1), MostOutputs, K);
            float[] y = new float[2 * MostOutputs];
            y.AsSpan().Fill(5);
            Assert.Throws<MatrixShapeException>(() => matrix.Multiply(new float[2 * K], 2, y, epilogue));
            Assert.All(y, value => Assert.Equal(5, value));
        }
    }

    [Fact]
    public void IdentityIsKnownToCompositions()
    {
        Assert.True(IsIdentity(default(NoEpilogue).Then(default(NoEpilogue))));
        Assert.False(IsIdentity(default(NoEpilogue).Then(default(Silu))));
        Assert.False(IsIdentity(default(Silu).Then(default(NoEpilogue))));

        static bool IsIdentity<TEpilogue>(TEpilogue _)
            where TEpilogue : struct, IEpilogue<TEpilogue> => TEpilogue.IsIdentity;
    }

    /// <summary>The definition, in the declared operations, one number at a time.</summary>
    internal static float SiluOf(float x) => x / (1 + ExpOf(-x));

    /// <summary>The definition, in the declared operations, one number at a time.</summary>
    internal static float ExpOf(float x)
    {
        x = x > 90 ? 90 : x < -105 ? -105 : x;
        float n = MathF.Round(x * 1.44269504f, MidpointRounding.ToEven);
        float r = x - (n * 0.693359375f);
        r -= n * -2.12194440e-4f;
        float p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        p = (p * (r * r)) + r + 1;
        int power = float.IsNaN(n) ? 0 : (int)n;
        return p * MathF.ScaleB(1, power >> 1) * MathF.ScaleB(1, power - (power >> 1));
    }

    private static void EveryRectangle<TEpilogue>(int m, ComputeMode mode, bool packed, TEpilogue epilogue, Reference reference)
        where TEpilogue : struct, IEpilogue<TEpilogue>
    {
        float[] activations = Data.Random(m * K, 2);
        using QuantizedMatrix<FakeFormat> matrix = QuantizedMatrix<FakeFormat>.Quantize(Data.Random(MostOutputs * K, 1), MostOutputs, K);
        if (packed)
        {
            matrix.Pack();
        }

        float[] plain = new float[m * MostOutputs];
        matrix.Multiply(activations, m, plain, new MultiplyOptions { Mode = mode });
        float[,] expected = new float[m, MostOutputs];
        for (int i = 0; i < plain.Length; i++)
        {
            expected[i / MostOutputs, i % MostOutputs] = reference(plain[i], i / MostOutputs, i % MostOutputs);
        }

        int[] cuts = [0, 1, 7, 8, 15, 16, 31, 32, 33, MostOutputs];
        for (int i = 0; i < cuts.Length; i++)
        {
            for (int j = i; j < cuts.Length; j++)
            {
                int firstRow = (i + j) % m;
                OutputRectangle part = i == 0 && j == cuts.Length - 1
                    ? new(0, m, 0, MostOutputs)
                    : new(firstRow, firstRow + (((i * 5) + j) % (m - firstRow + 1)), cuts[i], cuts[j]);
                int threads = 1 + ((i + j) % 3);
                using GuardedOutput output = new(m, MostOutputs);
                fixed (float* x = activations)
                {
                    matrix.Multiply(
                        x, K, m, output.Pointer, output.Stride, part, epilogue, new MultiplyOptions { Mode = mode, Threads = threads, Pool = Pool });
                }

                output.Check(expected, part, $"{typeof(TEpilogue).Name}, {mode}, packed {packed}, M {m}, {threads} threads");
            }
        }
    }

    /// <summary>A matrix of which nothing but the elements of its rows may be read.</summary>
    private sealed class Operand : IDisposable
    {
        private readonly GuardedMemory _memory;

        public Operand(int rows, int seed)
        {
            float[] values = Data.Random(((rows - 1) * OperandStride) + MostOutputs, seed);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] *= 9;
            }

            _memory = GuardedMemory.Of<float>(values);
        }

        public float* Pointer => _memory.Floats;

        public float this[int row, int output] => Pointer[(row * OperandStride) + output];

        public void Dispose() => _memory.Dispose();
    }

    private readonly struct Place : IEpilogue<Place>
    {
        public static bool IsIdentity => false;

        public void Check(in OutputRectangle part)
        {
        }

        public Vector<float> Invoke(Vector<float> y, long row, long output) =>
            new Vector<float>((row * 1000) + output) + Vector<float>.Indices;

        public float Invoke(float y, long row, long output) => (row * 1000) + output;
    }

    private readonly struct Halve : IEpilogue<Halve>
    {
        public static bool IsIdentity => false;

        public void Check(in OutputRectangle part)
        {
        }

        public Vector<float> Invoke(Vector<float> y, long row, long output) => y * 0.5f;

        public float Invoke(float y, long row, long output) => y * 0.5f;
    }
}
