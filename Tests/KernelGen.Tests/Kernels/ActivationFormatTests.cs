using System;
using System.Collections.Generic;
using System.Linq;
using KernelGen.Formats;
using KernelGen.Probes;
using KernelGen.Tests.Oracle;
using Xunit;

namespace KernelGen.Tests.Kernels;

/// <summary>
/// Products that take their activations in a declared format: they are those of the decoded weights and the decoded activations, with exact integer sums
/// within each group.
/// </summary>
public sealed class ActivationFormatTests
{
    private static readonly FormatDescriptor[] s_activations =
    [
        Bfp3.Descriptor, Bfp4.Descriptor, Bfp5.Descriptor, Bfp6.Descriptor, Bfp8.Descriptor, BlockMinifloat4.Descriptor, BlockMinifloat6.Descriptor, BlockLog3.Descriptor,
        Int8Token.Descriptor, Q8_0.Descriptor, Q8_1.Descriptor, Q8_K.Descriptor, MxInt8.Descriptor, NVFP4.Descriptor, Q6_K.Descriptor,
        ZeroedActivations.Descriptor, Steps24.Descriptor, ActivationsUnderRow.Descriptor,
    ];

    private static readonly FormatDescriptor[] s_weights =
    [
        Bfp2.Descriptor, Bfp3.Descriptor, Bfp4.Descriptor, Bfp5.Descriptor, Bfp6.Descriptor, Bfp8.Descriptor, BlockMinifloat4.Descriptor, BlockMinifloat6.Descriptor,
        BlockMinifloat8.Descriptor, BlockLog3.Descriptor, BlockLog4.Descriptor,
    ];

    /// <summary>
    /// Every pair of the shared-exponent formats. The runtime reads activations, kernels know only their groups: every fourth pair of each format is taken on
    /// every target of this machine, the others on one.
    /// </summary>
    public static TheoryData<string, string, KernelTarget> Pairs
    {
        get
        {
            TheoryData<string, string, KernelTarget> pairs = [];
            for (int w = 0; w < s_weights.Length; w++)
            {
                FormatDescriptor weights = s_weights[w];
                KernelTarget[] targets = [.. weights.Kernels.Select(k => k.Target).Where(TargetSelection.IsSupported)];
                for (int a = 0; a < s_activations.Length; a++)
                {
                    if (weights.ActivationFault(s_activations[a]) is null)
                    {
                        foreach (KernelTarget target in (w + a) % 4 == 0 ? targets : [targets[^1]])
                        {
                            pairs.Add(weights.FullName, s_activations[a].FullName, target);
                        }
                    }
                }
            }

            return pairs;
        }
    }

    /// <summary>Formats that declare one of activations on every target, which their kernels differ for; all others on one.</summary>
    public static TheoryData<string, KernelTarget> Cases
    {
        get
        {
            TheoryData<string, KernelTarget> cases = [];
            foreach (FormatDescriptor format in KernelCase.Declared)
            {
                KernelTarget[] targets = [.. format.Kernels.Select(k => k.Target).Where(TargetSelection.IsSupported)];
                foreach (KernelTarget target in format.ActivationFormat is null ? [targets[^1]] : targets)
                {
                    cases.Add(format.FullName, target);
                }
            }

            return cases;
        }
    }

    /// <summary>Formats of activations, and whether int8 products of 16 inputs a step take them.</summary>
    public static TheoryData<string, bool> Kinds => new()
    {
        { "Bfp3", true }, { "Bfp8", true }, { "BlockMinifloat4", true }, { "BlockMinifloat6", true }, { "BlockLog3", true }, { "Int8Token", true }, { "Q8_0", true },
        { "Q8_1", true }, { "Q8_K", true }, { "MxInt8", true }, { "Int4SymG128", true }, { "NVFP4", true }, { "TernaryRow", true },
        { "BlockLog4", false }, { "BlockMinifloat8", false }, { "NF4", false }, { "Q4_1", false }, { "Q4_K", false }, { "F16", false }, { "IQ2_XXS", false }, { "TQ1_0", false },
        { "Int8AsymG128", false }, { "FixedPoint8", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ProductsAreWithinTheBound(string format, KernelTarget target) => VerifyProducts(KernelCase.Of(format, target));

    /// <summary>Fails where a product with activations in some format is outside the bound.</summary>
    internal static void VerifyProducts(KernelCase test)
    {
        Random random = new(21);
        foreach (FormatDescriptor activations in test.IsBrief || test.Descriptor.ActivationFormat is null ? s_activations.Where((_, i) => i % 3 == 1) : s_activations)
        {
            foreach (int inputs in new[] { 13, 173, 509 }.Select(k => test.Oracle.Accepts(k) ? k : (k + test.Oracle.BlockInputs - 1) / test.Oracle.BlockInputs * test.Oracle.BlockInputs).Distinct().Take(test.IsBrief ? 2 : 3))
            {
                Verify(test, activations, outputs: 9, inputs, rows: [1, 2, 7], random);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void BlocksAreIntegerDotsTimesOnePowerOfTwo(string weights, string activations, KernelTarget target)
    {
        const int outputs = 17;
        const int inputs = 75;
        KernelCase test = KernelCase.Of(weights, target);
        if (test.Descriptor.Int8TableError != 0)
        {
            return;
        }

        FormatDescriptor format = s_activations.Single(a => a.FullName == activations);
        Random random = new(22);
        float[] w = [.. TestInputs.Normal(outputs * inputs, random).Select(Middling)];
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(test.Descriptor, w, outputs, inputs);
        foreach (bool packed in (bool[])[false, true])
        {
            if (packed)
            {
                matrix.Pack(target);
            }

            foreach (int rows in (int[])[1, 2, 5, 19])
            {
                float[] x = [.. TestInputs.Normal(rows * inputs, random).Select(Middling)];
                float[] y = new float[rows * outputs];
                matrix.Multiply(x, rows, y, new MultiplyOptions { Activations = format, Target = target, Threads = 1 });
                int exact = 0;
                for (int m = 0; m < rows; m++)
                {
                    OracleRow a = OracleActivations.EncodeRow(format, x.AsSpan(m * inputs, inputs));
                    for (int n = 0; n < outputs; n++)
                    {
                        float[] decoded = new float[inputs];
                        matrix.DequantizeRow(n, decoded);
                        (double sum, bool isExact) = Dot(decoded, a.Weights);
                        exact += isExact ? 1 : 0;
                        if (isExact && sum != y[(m * outputs) + n])
                        {
                            Assert.Fail($"packed {packed}, M = {rows}, ({m}, {n}): {y[(m * outputs) + n]:R}, not {sum:R}");
                        }
                    }
                }

                if (exact <= y.Length / 2 && HasPowersOfTwo(format))
                {
                    Assert.Fail($"{exact} of {y.Length} are exact");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void ThreadsRectanglesRowsAndFusingTargetsChangeNoBit(string weights, string activations, KernelTarget target)
    {
        const int outputs = 33;
        const int inputs = 300;
        const int rows = 19;
        KernelCase test = KernelCase.Of(weights, target);
        FormatDescriptor format = s_activations.Single(a => a.FullName == activations);
        Random random = new(23);
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(test.Descriptor, TestInputs.Normal(outputs * inputs, random), outputs, inputs);
        float[] x = TestInputs.Normal(rows * inputs, random);
        MultiplyOptions options = new() { Activations = format, Target = target, Threads = 1 };
        matrix.Pack(target);
        float[] all = new float[rows * outputs];
        matrix.Multiply(x, rows, all, options);
        for (int m = 1; m < rows; m += 4)
        {
            float[] few = new float[m * outputs];
            matrix.Multiply(x.AsSpan(0, m * inputs), m, few, options with { Threads = 3 });
            Assert.Equal(Bits(all)[..few.Length], Bits(few));
        }

        float[] part = new float[rows * outputs];
        unsafe
        {
            fixed (float* a = x, y = part)
            {
                matrix.Multiply(a, inputs, rows, y, outputs, new OutputRectangle(3, 14, 5, 30), options with { Threads = 2 });
            }
        }

        Assert.All(part.Select((value, i) => (value, i)).Where(p => p.i / outputs is >= 3 and < 14 && p.i % outputs is >= 5 and < 30), p => Assert.Equal(all[p.i], p.value));
        if (target != KernelTarget.Scalar)
        {
            foreach (KernelSet other in test.Descriptor.Kernels.Where(k => TargetSelection.IsSupported(k.Target) && k.Target != KernelTarget.Scalar))
            {
                matrix.Pack(other.Target);
                float[] same = new float[rows * outputs];
                matrix.Multiply(x, rows, same, options with { Target = other.Target });
                Assert.Equal(Bits(all), Bits(same));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void SaysWhichFormatsInt8ProductsTake(string activations, bool isTaken)
    {
        FormatDescriptor format = FormatCatalogue.All.Single(f => f.Name == activations);
        float[] w = TestInputs.Normal(3 * 256, new Random(24));
        float[] y = new float[3];
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Bfp4.Descriptor, w, 3, 256);
        Assert.Equal(isTaken, Bfp4.Descriptor.ActivationFault(format) is null);
        if (isTaken)
        {
            matrix.Multiply(w.AsSpan(0, 256), 1, y, new MultiplyOptions { Activations = format });
        }
        else
        {
            ActivationFormatException exception = Assert.Throws<ActivationFormatException>(() => matrix.Multiply(w.AsSpan(0, 256), 1, y, new MultiplyOptions { Activations = format }));
            Assert.Contains(format.Name, exception.Message, StringComparison.Ordinal);
            Assert.Contains(nameof(ComputeMode.Float32), format.HasEncoder ? exception.Message : nameof(ComputeMode.Float32), StringComparison.Ordinal);
        }

        if (format.HasEncoder)
        {
            matrix.Multiply(w.AsSpan(0, 256), 1, y, new MultiplyOptions { Activations = format, Mode = ComputeMode.Float32 });
        }
    }

    [Fact]
    public void StepsOfMoreInputsThanAScaleCoversAreRejected()
    {
        float[] w = TestInputs.Normal(64, new Random(25));
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Q4_0.Descriptor, w, 1, 64);
        ActivationFormatException exception = Assert.Throws<ActivationFormatException>(() => matrix.Multiply(w, 1, new float[1], new MultiplyOptions { Activations = Bfp6.Descriptor }));
        Assert.Contains("[Activations]", exception.Message, StringComparison.Ordinal);
        matrix.Multiply(w, 1, new float[1], new MultiplyOptions { Activations = Bfp6.Descriptor, Mode = ComputeMode.Float32 });
        matrix.Multiply(w, 1, new float[1], new MultiplyOptions { Activations = Q8_0.Descriptor });
    }

    [Fact]
    public void RowsThatTheFormatRejectsAreRejected()
    {
        FormatDescriptor whole = KernelCase.Declared.First(f => f.Ragged == RaggedRows.Reject && f.HasEncoder);
        float[] w = TestInputs.Normal(whole.BlockInputs + 1, new Random(26));
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Bfp4.Descriptor, w, 1, w.Length);
        Assert.Throws<ActivationFormatException>(() => matrix.Multiply(w, 1, new float[1], new MultiplyOptions { Activations = whole, Mode = ComputeMode.Float32 }));
    }

    [Fact]
    public void TheDeclaredFormatIsThatOfInt8Products()
    {
        float[] w = TestInputs.Normal(17 * 100, new Random(27));
        float[] x = TestInputs.Normal(3 * 100, new Random(28));
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Bfp4.Descriptor, w, 17, 100);
        float[] Product(MultiplyOptions options)
        {
            float[] y = new float[3 * 17];
            matrix.Multiply(x, 3, y, options);
            return y;
        }

        Assert.Same(Bfp8.Descriptor, Bfp4.Descriptor.ActivationFormat);
        Assert.Same(Bfp8.Descriptor, Bfp8.Descriptor.ActivationFormat);
        Assert.Null(Q4_0.Descriptor.ActivationFormat);
        Assert.Equal(Product(new() { Activations = Bfp8.Descriptor }), Product(default));
        Assert.NotEqual(Product(new() { Activations = Bfp6.Descriptor }), Product(default));
        MultiplyOptions exact = new() { Mode = ComputeMode.Float32 };
        Assert.NotEqual(Product(exact with { Activations = Bfp8.Descriptor }), Product(exact));
    }

    [Theory]
    [InlineData(ComputeMode.Int8, float.NaN)]
    [InlineData(ComputeMode.Int8, float.NegativeInfinity)]
    [InlineData(ComputeMode.Float32, float.PositiveInfinity)]
    public void ARowThatIsNotFiniteIsNaNAndNoOther(ComputeMode mode, float value)
    {
        const int inputs = 100;
        float[] w = TestInputs.Normal(17 * inputs, new Random(29));
        using QuantizedMatrix matrix = QuantizedMatrix.Quantize(Bfp4.Descriptor, w, 17, inputs);
        float[] x = TestInputs.Normal(3 * inputs, new Random(30));
        MultiplyOptions options = new() { Mode = mode, Activations = Bfp5.Descriptor };
        float[] finite = new float[3 * 17];
        matrix.Multiply(x, 3, finite, options);
        x[inputs + 70] = value;
        float[] y = new float[3 * 17];
        matrix.Multiply(x, 3, y, options);
        Assert.All(y[17..34], v => Assert.True(float.IsNaN(v)));
        Assert.Equal(finite[..17], y[..17]);
        Assert.Equal(finite[34..], y[34..]);
        x.AsSpan().Clear();
        matrix.Multiply(x, 3, y, options);
        Assert.All(y, v => Assert.Equal(0, v));
    }

    private static void Verify(KernelCase test, FormatDescriptor activations, int outputs, int inputs, int[] rows, Random random)
    {
        StoredRows stored = StoredRows.OfModerateScales(test.Oracle, outputs, inputs, random);
        OracleRow[] weights = stored.Decode();
        float[] x = TestInputs.Normal(rows.Max() * inputs, random);
        using QuantizedMatrix matrix = QuantizedMatrix.FromBlocks(test.Descriptor, outputs, inputs, stored.Blocks, stored.RowSides, stored.TensorSide);
        bool isInteger = test.Descriptor.HasInt8Kernels && test.Descriptor.ActivationFault(activations) is null;
        ComputeMode[] modes = [.. Enum.GetValues<ComputeMode>().Where(m => m == ComputeMode.Float32 || isInteger)];
        Dictionary<ComputeMode, OracleProduct[]> expected = modes.ToDictionary(mode => mode, _ => new OracleProduct[rows.Max() * outputs]);
        for (int m = 0; m < rows.Max(); m++)
        {
            ReadOnlySpan<float> row = x.AsSpan(m * inputs, inputs);
            OracleRow decoded = OracleActivations.EncodeRow(activations, row);
            for (int n = 0; n < outputs; n++)
            {
                expected[ComputeMode.Float32][(m * outputs) + n] = OracleProduct.Float32(weights[n], decoded.Weights);
            }

            OracleActivations? encoded = isInteger ? OracleActivations.Encode(test.Descriptor.Activations, activations, row) : null;
            for (int n = 0; encoded is not null && n < outputs; n++)
            {
                expected[ComputeMode.Int8][(m * outputs) + n] = OracleProduct.Int8(weights[n], test.Descriptor.Activations, encoded, test.Levels, test.Descriptor.Int8TableError);
            }
        }

        foreach (bool packed in (bool[])[false, true])
        {
            if (packed)
            {
                matrix.Pack(test.Kernels.Target);
            }

            foreach (ComputeMode mode in modes)
            {
                foreach (int count in rows)
                {
                    float[] y = new float[count * outputs];
                    matrix.Multiply(x.AsSpan(0, count * inputs), count, y, new MultiplyOptions { Mode = mode, Activations = activations, Target = test.Kernels.Target, Threads = 1 });
                    for (int i = 0; i < y.Length; i++)
                    {
                        if (!expected[mode][i].Admits(y[i]))
                        {
                            Assert.Fail($"{activations.Name}, {mode}, packed {packed}, M = {count}, K = {inputs}: ({i / outputs}, {i % outputs}) is {y[i]:R}, expected {expected[mode][i]}");
                        }
                    }
                }
            }
        }
    }

    /// <summary>A dot product in double, and whether f32 sums of it round nothing in any order.</summary>
    private static (double Sum, bool IsExact) Dot(float[] a, float[] b)
    {
        double sum = 0;
        double magnitude = 0;
        double unit = double.PositiveInfinity;
        for (int k = 0; k < a.Length; k++)
        {
            double product = (double)a[k] * b[k];
            sum += product;
            magnitude += Math.Abs(product);
            if (product != 0)
            {
                unit = Math.Min(unit, Math.ScaleB(1, Math.ILogB(product)));
                while (product / unit != Math.Round(product / unit))
                {
                    unit /= 2;
                }
            }
        }

        return (sum, magnitude < unit * (1 << 24));
    }

    private static bool HasPowersOfTwo(FormatDescriptor format) => format.Parameters.All(p =>
        p.Type is ScalarType.Exponent8 or ScalarType.E8M0 || (p.Numbers.Count > 0 && p.Numbers.All(n => (BitConverter.SingleToInt32Bits(n) & 0x7FFFFF) == 0)));

    /// <summary>Magnitudes of 2^-2 … 2: few exponents, whose sums are exact.</summary>
    private static float Middling(float number) => MathF.CopySign(Math.Clamp(Math.Abs(number), 0.25f, 1.9f), number);

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
}
